import type { Random } from '@qingnang/kernel';
import { findTopic } from '../knowledge/topics.js';
import { isChinese } from './language.js';

/** A short general reply that says what it is. */
export function chatReply(message: string, random: Random): string {
  const text = message.trim();
  if (!isChinese(text)) {
    if (/^(hi|hello|hey)\b/iu.test(text)) return 'Hello! I am the rehearsal model; how can I help?';
    if (/thank/iu.test(text)) return 'You are welcome. Take care!';
    return 'I am only a rehearsal model. I can say this much: rest, note what changes, and see a doctor if it gets worse.';
  }
  const topic = findTopic(text);
  if (topic)
    return `您好，${topic.name}多与${random.pick(topic.causes)}有关，可以先${topic.care[0]}，${topic.care[1]}；若${topic.warn}，请到${topic.department}就诊。`;
  if (/^(你好|您好|在吗|hello)/iu.test(text)) return '您好，我是演练模型，请问有什么可以帮您？';
  if (/谢/u.test(text)) return random.pick(['不客气，祝您健康。', '不用谢，有需要随时再来。']);
  if (/再见|拜拜/u.test(text)) return '再见，祝您健康。';
  if (/你是谁|叫什么/u.test(text)) return '我是平台自带的演练模型，只按规则作答，内容仅供试用。';
  return random.pick([
    '我是演练模型，只能给出一般建议：注意休息，饮食清淡，留意症状变化，必要时请就医。',
    '这个问题我了解得有限。一般来说，保持规律作息、放松心情会有帮助；不放心时请咨询医生。',
    '谢谢您的提问。可以再说说具体是什么情况、持续了多久吗？这样更方便给出建议。',
  ]);
}
