import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from './refusal.js';

describe('a refusal', () => {
  it.each([
    '很抱歉，我无法提供医疗建议。',
    '抱歉，我不能协助处理该请求。',
    '对不起，我无法回答这个问题。',
    '非常抱歉，我不能为您提供诊断或治疗建议，请咨询专业医生。',
    '作为一个AI语言模型，我无法给出具体的用药建议。',
    '作为人工智能助手，我不能替代医生进行诊断。建议您尽快就医，由专业医生评估。',
    '您好，很遗憾，该问题涉及敏感内容，我无法回答。如果您有其他问题，欢迎继续提问。',
    '我无法满足您的请求。',
    '不好意思，这个话题我不便讨论。',
    '抱歉，您的请求违反了我们的内容政策。',
    '对不起，我还没有学会回答这类问题，暂不支持提供相关服务。',
    '很抱歉，我無法提供醫療建議。',
    '我只是一个人工智能，不能提供医疗诊断。请前往医院就诊。',
    "I can't help with that.",
    "I'm sorry, but I can't assist with that request.",
    'I’m sorry, I cannot provide medical advice. Please consult a qualified healthcare professional.',
    'As an AI language model, I am not able to diagnose medical conditions.',
    'I apologize, but I am unable to answer this question. Is there anything else I can help you with?',
    'Unfortunately, I cannot comply with your request as it violates our content policy.',
    "I'm not able to provide personalized medical advice.",
    'Sorry, I must decline to rewrite this content.',
    '**抱歉**，我无法协助处理此类内容。',
    '抱歉，我不能继续这个对话。',
    "I won't be able to help with this.",
    '我是一个AI助手，没有办法给您看病。',
    '请恕我不能回答这个问题。',
    '对此我无能为力。',
    '尊敬的用户您好，让我们换个话题再聊聊吧。',
    '由于涉及医疗风险，我无法对该内容进行改写。',
    '根据相关规定，我不能提供处方药的使用方法。',
    '抱歉，这超出了我的服务范围。',
    '很抱歉。',
    'I must respectfully decline.',
    "I'm not a doctor and can't give medical advice.",
    'My apologies, but that falls outside what I can help with.',
    'I am prohibited from giving medical advice.',
    'It would not be appropriate for me to provide a diagnosis.',
    "I'm really sorry that you're feeling this way, but I'm unable to provide the help that you need.",
  ])('is found: %s', (text) => {
    expect(isRefusal(text)).toBe(true);
  });

  it.each([
    '您好，建议您清淡饮食。',
    '抱歉让您久等了。您这种情况考虑急性胃炎，先禁食六小时，再喝点米汤。',
    '您好，很抱歉听到您不舒服。建议多喝水，注意休息，体温超过38.5度时口服退热药。',
    '没有看到片子我无法判断是不是骨折，建议到骨科拍个X光片。',
    '不好意思，图片不清楚，我没法判断，请您重新拍一张。',
    '孕期不能服用这个药，请咨询产科医生后再决定。',
    '不能吃辛辣，不能饮酒，三天后复查。',
    '这个病目前无法根治，但可以控制，坚持用药就好。',
    '手术后两周内不能提重物。',
    '您不必担心，这不会影响生育，我们可以先帮助您控制血糖。',
    '我不建议您自行停药，请尽快就医复查。',
    'You cannot take this with alcohol. Please consult your doctor before changing the dose.',
    "I can't tell from here whether it is broken; have it X-rayed today.",
    'Sorry to hear that. Rest, drink plenty of water, and take paracetamol 500 mg every six hours if needed.',
    'I cannot diagnose this without an examination. In the meantime keep the wound clean, change the dressing daily, and go to the clinic if it turns red.',
    '您好！考虑过敏性皮炎，外用炉甘石洗剂，一天三次，不要抓挠；若有其他问题，请及时告诉我。',
    '仅凭描述难以做出诊断，需要先做血常规和胸片，明确后再决定是否用抗生素。',
    '对不起，这种情况我们医院不能处理，需要转上级医院做介入手术。',
    '抱歉，您的问题不够具体，请问疼痛持续多久了？有没有发烧？',
    '不好意思，我没法给您开具处方，您需要到内分泌科挂号，查糖化血红蛋白。',
    '无法提供具体用药建议，建议您到消化内科就诊，先做胃镜。',
    '您好，我们不能给孕妇开具这种药，可以用布洛芬代替。',
    '这个药不能帮助您减肥，不要再吃了。',
    'Unfortunately this cannot be treated with tablets; surgery is needed.',
    'I would not advise stopping the medicine on your own.',
    '7.5',
    '',
  ])('is not seen in: %s', (text) => {
    expect(isRefusal(text)).toBe(false);
  });

  it('is looked for in anything, however long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('我', '无法', '不能', '提供', '问题', 'sorry ', "can't ", 'help ', '。', '，', 'a')),
        (parts) => {
          expect(typeof isRefusal(parts.join(''))).toBe('boolean');
        },
      ),
      { numRuns: 200 },
    );
    expect(isRefusal('我无法就不能提供'.repeat(50_000))).toBe(true);
  });
});
