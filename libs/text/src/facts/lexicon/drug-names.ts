/** One medicine a line: the name it is compared by, then brands, older names and English ones. */
export const SAME_DRUG: readonly string[] = `
阿司匹林 拜阿司匹灵 拜阿司匹林 阿斯匹林 乙酰水杨酸 巴米尔 aspirin
布洛芬 芬必得 美林 托恩 ibuprofen
对乙酰氨基酚 扑热息痛 泰诺林 泰诺 必理通 百服宁 paracetamol acetaminophen
阿莫西林 阿莫仙 再林 amoxicillin
阿莫西林克拉维酸钾 力百汀 安灭菌 艾克儿
头孢克肟 世福素 达力芬
头孢呋辛 西力欣 头孢呋辛酯
头孢克洛 希刻劳
头孢拉定 先锋六号
头孢曲松 罗氏芬
阿奇霉素 希舒美 维宏 azithromycin
克拉霉素 克拉仙
罗红霉素 严迪
左氧氟沙星 可乐必妥 左克 levofloxacin
莫西沙星 拜复乐
诺氟沙星 氟哌酸
甲硝唑 灭滴灵 metronidazole
咪康唑 达克宁
氟康唑 大扶康
利巴韦林 病毒唑
奥司他韦 达菲 可威 oseltamivir
奥美拉唑 洛赛克 omeprazole
埃索美拉唑 艾司奥美拉唑 耐信
雷贝拉唑 波利特
泮托拉唑 潘妥洛克
兰索拉唑 达克普隆
多潘立酮 吗丁啉
莫沙必利 加斯清
甲氧氯普胺 胃复安
铝碳酸镁 达喜
蒙脱石散 思密达 必奇 蒙脱石
氨氯地平 络活喜 苯磺酸氨氯地平 amlodipine
硝苯地平 拜新同 心痛定 伲福达 nifedipine
非洛地平 波依定
缬沙坦 代文
氯沙坦 科素亚
厄贝沙坦 安博维
贝那普利 洛汀新
培哚普利 雅施达
美托洛尔 倍他乐克 酒石酸美托洛尔 琥珀酸美托洛尔 metoprolol
比索洛尔 康忻 博苏
普萘洛尔 心得安
氢氯噻嗪 双克
呋塞米 速尿
螺内酯 安体舒通
硝酸异山梨酯 消心痛
阿托伐他汀 立普妥 阿乐
瑞舒伐他汀 可定
辛伐他汀 舒降之
氯吡格雷 波立维 泰嘉
利伐沙班 拜瑞妥
华法林 warfarin
二甲双胍 格华止 metformin
阿卡波糖 拜唐苹 拜糖平
格列美脲 亚莫利
格列齐特 达美康
门冬胰岛素 诺和锐
甘精胰岛素 来得时
左甲状腺素 优甲乐 雷替斯 左甲状腺素钠
甲巯咪唑 他巴唑 赛治
泼尼松 强的松 醋酸泼尼松 prednisone
甲泼尼龙 美卓乐 甲强龙
氯雷他定 开瑞坦 loratadine
西替利嗪 仙特明 cetirizine
氯苯那敏 扑尔敏
孟鲁司特 顺尔宁
沙丁胺醇 万托林
布地奈德 普米克
氨溴索 沐舒坦
双氯芬酸 扶他林
塞来昔布 西乐葆
吲哚美辛 消炎痛
地西泮 安定
艾司唑仑 舒乐安定
阿普唑仑 佳静安定
舍曲林 左洛复
氟西汀 百忧解
帕罗西汀 赛乐特
地屈孕酮 达芙通
左炔诺孕酮 毓婷
西地那非 伟哥 万艾可
他达拉非 希爱力
莫匹罗星 百多邦
甲钴胺 弥可保
异丙嗪 非那根
碳酸钙 钙尔奇
维生素a va
维生素b1 vb1 维b1
维生素b2 vb2 维b2
维生素b6 vb6 维b6
维生素b12 vb12 维b12
维生素c vc 维c
维生素d vd 维d 维生素d3
维生素e ve 维e
抗生素 抗菌素 抗菌药 抗菌药物 消炎药
退烧药 退热药 解热药
止痛药 止疼药 镇痛药
激素 糖皮质激素
他汀 他汀类药物 他汀类
派瑞松 曲安奈德益康唑
云南白药
连花清瘟
`
  .trim()
  .split('\n');

/** Names of kinds of medicines. Naming one of the kind is naming the kind, not another drug. */
export const DRUG_CLASSES: ReadonlySet<string> = new Set(['抗生素', '退烧药', '止痛药', '激素', '他汀']);
