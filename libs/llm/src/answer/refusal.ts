/**
 * Whether a text does nothing but decline to answer. Doctors say "I cannot tell from here, have it X-rayed" all day: a text
 * that gives advice beside its "cannot" is an answer, unless it opens by refusing the request itself.
 */
export function isRefusal(text: string): boolean {
  const beginning = [...text].slice(0, READ_CHARACTERS).join('');
  const substance = { before: 0, after: 0 };
  let refused = false;
  let apologised = false;
  for (const sentence of sentencesOf(beginning)) {
    if (refusesRequest(sentence) && substance.before === 0) return true;
    for (const clause of clausesOf(sentence)) {
      if (declines(clause, sentence)) refused = true;
      else if (APOLOGY.test(clause) && [...clause].length <= SHORT) apologised = true;
      else if (!isFiller(clause)) substance[refused ? 'after' : 'before'] += weight(clause);
    }
    if (!refused && substance.before > OPENING) return false;
  }
  return refused ? substance.after <= LEFT_OVER : apologised && substance.before === 0;
}

/** More than a refusal needs; what is longer says something. */
const READ_CHARACTERS = 1_500;
/** Words that may stand before a refusal without making it an answer: a greeting, a repeated question. */
const OPENING = 30;
/** Words that may follow a refusal without making it an answer: a thank-you nobody foresaw. */
const LEFT_OVER = 8;
const SHORT = 24;

const ADVISES = /建议|需要|应当|应该|可以|先|注意|避免|服用|休息|多喝|复查|检查|recommend|should|try|take|rest/u;

/** Characters of a clause; one that advises is an answer, however short. */
function weight(clause: string): number {
  return [...clause].length + (ADVISES.test(clause) ? LEFT_OVER : 0);
}

function sentencesOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[*_#>"“”「」『』]/g, '')
    .split(/(?<=[。!?;\n])|(?<=[a-z)]\.)\s+/u)
    .map((sentence) => sentence.trim())
    .filter(hasWords);
}

function clausesOf(sentence: string): string[] {
  return sentence
    .split(/[,:、]|\bbut\b|(?=但|不过)/u)
    .map((clause) => clause.trim())
    .filter(hasWords);
}

function hasWords(text: string): boolean {
  return /\p{Letter}/u.test(text);
}

const CANNOT =
  '(?:无法|無法|不能够?|不能夠|不可以|不便|不方便|不会|不會|不应该?|不應該?|不宜|不予|没有办法|沒有辦法|没办法|沒辦法|没法|难以|難以|拒绝|拒絕|无权|無權|不被允许|不允许|暂不支持|不支持|没有能力|不具备|不具備)';
const GIVE =
  '(?:(?:直接|继续|繼續|为您|为你|為您|為你|向您|向你|给您|给你|給您|帮您|帮你|幫您|就此|对此|對此|针对|就|对|對|在这里|在此|替您|替你|进行|進行)*)(?:提供|给出|給出|给予|給予|回答|答复|答覆|回复|回覆|回应|回應|协助|協助|帮助|幫助|帮忙|满足|滿足|完成|处理|處理|执行|執行|讨论|討論|生成|撰写|撰寫|润色|潤色|参与|參與|支持|配合|继续|繼續|响应|遵从|遵循|谈论|解答|评价|評價|评估|评判|判断|判斷|诊断|診斷|作出|做出|开具|開具|开药|看病|代替|替代|改写|改寫|重写|修改|编写|讲解|透露|这样做|這樣做|做到)';
/** What a refusal refuses: the request as such. */
const REQUEST =
  '(?:请求|請求|要求|指令|任务|任務|话题|話題|问题|問題|内容|內容|信息|資訊|对话|對話|服务|服務|帮助|幫助|协助|協助|支持)';
const ADVICE =
  '(?:医疗|醫療|医学|醫學|诊疗|診療|诊断|診斷|治疗|治療|用药|用藥|健康|专业|專業|个性化|具体的?医)[^,，。]{0,12}(?:建议|建議|意见|意見|指导|指導|服务|咨询|諮詢|方案|帮助|信息)';
const SORRY =
  '(?:抱歉|对不起|對不起|不好意思|很遗憾|很遺憾|遗憾|sorry|apologi[sz]e|apologies|unfortunately|regret|i.m afraid)';
const MACHINE =
  "(?:作为(?:一个|一名|一款|一种|个)?\\s*(?:ai|人工智能|语言模型|大型?语言模型|大模型|虚拟|智能|聊天|机器人|助手)|作為(?:一個|一名|一款|個)?\\s*(?:ai|人工智慧|語言模型)|我(?:只|仅仅|仅)?是(?:一个|一名|一款|个)?[^。,，]{0,10}(?:ai|人工智能|语言模型|大模型|聊天机器人|虚拟助手|智能助手)|as an? (?:[a-z]+ ){0,4}(?:ai|language model|assistant|chatbot)|i(?:'m| am) (?:just |only )?an? (?:[a-z]+ ){0,3}(?:ai|language model|chatbot))";
const UNABLE =
  "(?:(?:can(?:'t|not| not)|could(?:n't| not)|won't|will not|would not|wouldn't|shouldn't|must not|am not able to|'m not able to|are not able to|is not able to|unable to|not able to|not allowed to|not permitted to|not comfortable|decline to|must decline|have to decline|refuse to|not going to|not in a position to|do(?:n't| not) feel comfortable))";
const DO =
  '(?:provid|assist|help|answer|comply|fulfil|respond|discuss|generat|creat|writ|rewrit|polish|engag|continu|support|participat|process|do that|do this|give|offer|diagnos|evaluat|judg|produc|carry out|complet|address|act|serv)';
const OBJECT =
  '(?:that|this|your request|the request|these|those|such|medical|health|professional|advice|diagnos|treatment|personali[sz]ed|you with|request|content|information|with it|question)';

const ZH_REQUEST = new RegExp(`${CANNOT}[^。]{0,8}?${GIVE}[^。]{0,24}?(?:${REQUEST}|${ADVICE})`, 'u');
const ZH_OBJECT_FIRST = new RegExp(
  `(?:该|該|此|这|這|这个|這個|这类|這類|此类|此類|您的|你的)[^。]{0,10}${REQUEST}[^。]{0,10}${CANNOT}`,
  'u',
);
/** "I cannot", and nothing after it. */
const BARE = new RegExp(`(?:${CANNOT}|${UNABLE})[^\\p{Letter}]*$`, 'u');
const ZH_DECLINES = new RegExp(`${CANNOT}[^。]{0,8}?${GIVE}`, 'u');
const EN_REQUEST = new RegExp(`\\b(?:i|we)\\b[^.]{0,30}?${UNABLE}[^.]{0,40}?${DO}[a-z]*[^.]{0,30}?${OBJECT}`, 'u');
const EN_DECLINES = new RegExp(`\\b(?:i|we)\\b[^.]{0,30}?${UNABLE}[^.]{0,40}?(?:${DO}|do that|do this)`, 'u');
/** Ways of declining that name no deed. */
const EVASION =
  /恕难从命|恕難從命|恕(?:我)?(?:不能|无法|難以|难以)|无能为力|無能為力|无可奉告|换个话题|換個話題|超出[^。]{0,10}(?:能力|服务|職責|职责|知识|回答|权限)?范围|没有资格|沒有資格|只能(?:讨论|回答)|(?:must|have to|will)(?: \w+)? decline|(?:outside|beyond) (?:of )?(?:what i|my|the scope)|(?:goes|go|is|are) against my|prohibited from|not (?:be )?appropriate for me|rather not/u;
const APOLOGY = new RegExp(SORRY, 'u');
const AI = new RegExp(MACHINE, 'u');
const POLICY =
  /违反|違反|违背|不符合[^。]{0,12}(?:政策|规定|准则|规范|要求)|涉及[^。]{0,8}(?:敏感|违规|不当)|(?:内容|使用)(?:政策|规范)|安全(?:政策|准则|规范)|against (?:my|our|the) (?:[a-z]+ )?(?:polic|guideline|rule|programming)|violat|content polic|guidelines/u;
/** A reason that lies in what was said, not in the asking: doctors ask for more. */
const LACKING =
  /(?:图|圖|照片|影像|片子|报告|報告|描述|线上|線上|网上|网络|文字|面诊|面診|隔着|见到|看到|检查|檢查|化验|资料|信息(?:不足|太少|有限)|情况|without (?:an? )?(?:exam|seeing|photo|picture|image|test|x-ray|more)|from (?:here|a description|the description)|over the internet|online)/u;

/** A sentence that refuses the request as such, in the voice of a machine or with an apology. */
function refusesRequest(sentence: string): boolean {
  const request = ZH_REQUEST.test(sentence) || ZH_OBJECT_FIRST.test(sentence) || EN_REQUEST.test(sentence);
  const cannot = request || ZH_DECLINES.test(sentence) || EN_DECLINES.test(sentence) || EVASION.test(sentence);
  if (AI.test(sentence) && cannot) return true;
  if (POLICY.test(sentence) && (request || APOLOGY.test(sentence))) return true;
  return APOLOGY.test(sentence) && (request || EVASION.test(sentence)) && !LACKING.test(sentence);
}

const SPEAKER = new RegExp(
  `^(?:很|非常|十分|真的)?(?:我|本(?:助手|模型|系统|人|平台)|(?:这个|這個|这|该|此|您的|你的)[^。]{0,4}(?:请求|請求|要求|问题|問題|话题|話題|内容|內容|任务|对话)|i\\b|we\\b|no\\b)`,
  'u',
);

/** A clause that declines, whatever for. */
function declines(clause: string, sentence: string): boolean {
  if (EVASION.test(clause)) return true;
  if (LACKING.test(clause)) return false;
  if (ZH_REQUEST.test(clause) || ZH_OBJECT_FIRST.test(clause) || EN_REQUEST.test(clause)) return true;
  if (LACKING.test(sentence)) return false;
  const spoken = SPEAKER.test(clause) || SPEAKER.test(sentence) || APOLOGY.test(clause) || AI.test(clause);
  return spoken && (ZH_DECLINES.test(clause) || EN_DECLINES.test(clause) || BARE.test(clause));
}

const GREETING = /^(?:您好|你好|hello|hi|dear|亲爱的|尊敬的)[^。]{0,12}$/u;
const REFERRAL =
  /(?:咨询|諮詢|联系|聯繫|寻求|尋求|求助|就医|就醫|前往|看医生|看醫生|consult|contact|speak (?:to|with)|see a|reach out|seek|talk to|call)[^。]{0,40}(?:医生|醫生|医师|醫師|专业|專業|医疗|醫療|医院|醫院|机构|帮助|doctor|professional|physician|provider|emergency|help|care)|(?:请|建议|您?应)?(?:及时|尽快|尽早)?就医/u;
const OFFER =
  /(?:其他|其它|别的|另外|还有什么|還有|any other|anything else|something else|other question|instead|feel free|happy to|glad to|let me know)|(?:感谢|謝謝|谢谢|谅解|諒解|理解|thank you|understand)/u;

/** What stands around a refusal and says nothing of its own. */
function isFiller(clause: string): boolean {
  const short = [...clause].length <= 60;
  return (
    GREETING.test(clause) ||
    POLICY.test(clause) ||
    AI.test(clause) ||
    (REFERRAL.test(clause) && (short || /consult|professional|provider|physician/u.test(clause))) ||
    OFFER.test(clause)
  );
}
