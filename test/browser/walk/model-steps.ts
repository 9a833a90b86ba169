import { PATIENCE_MS, type Visitor } from '../../support/console.js';

export interface Training {
  method: '监督微调' | '奖励模型' | 'PPO';
  name: string;
  snapshot: string;
  /** Fewer than the preset where it is enough that it runs: that it learns, other tests show. */
  steps?: number;
  policy?: string;
  reward?: string;
}

/** From a frozen snapshot to a registered model, on the run's own page. */
export async function train(lead: Visitor, { method, name, snapshot, steps, policy, reward }: Training): Promise<void> {
  await lead.menu('训练');
  await lead.press('开始训练');
  await lead.page.getByRole('radio', { name: method, exact: true }).check();
  await lead.fill('名称', name);
  await lead.choose('快照', `${snapshot} v1`);
  if (policy) await lead.choose('起点模型', policy);
  if (reward) await lead.choose('奖励模型', reward);
  if (steps) await lead.fill('步数', String(steps));
  await lead.press('开始');
  await lead.sees(name, 'heading');
  await lead.page.getByRole('link', { name: '查看模型' }).waitFor({ timeout: steps ? 90_000 : 480_000 });
  await lead.sees('已完成');
  if (steps) await lead.sees(`${steps} / ${steps}`);
  await lead.picture({ 监督微调: 'run-sft', 奖励模型: 'run-reward', PPO: 'run-ppo' }[method]);
  await lead.press('查看模型');
  await lead.sees(name, 'heading');
  await lead.sees(snapshot);
}

/** Words come, said to be the doctor's, and marked as what they are. */
export async function chat(lead: Visitor, model: string): Promise<void> {
  await lead.menu('对话');
  await lead.choose('和谁对话', model);
  await lead.fill('写一句患者的话', '头晕两天，怎么办？');
  await lead.page.keyboard.press('Control+Enter');
  await lead.page.getByText(/秒 · 读 \d+、写 [1-9]\d* 个词元/).waitFor({ timeout: 2 * PATIENCE_MS });
  await lead.sees('演练');
  await lead.picture('chat');
}

/** Ten held-out questions, fixed for good. */
export async function makeSuite(lead: Visitor, name: string, prompts: string): Promise<void> {
  await lead.menu('评测题集');
  await lead.press('新建题集');
  await lead.fill('名称', name);
  await lead.choose('提问快照', `${prompts} v1`);
  await lead.fill('抽几题', '10');
  await lead.press('存为草稿');
  await lead.sees(`${name} 第 1 版`, 'heading');
  await lead.press('定稿');
  await lead.page
    .getByRole('dialog')
    .getByRole('button', { name: /确认|确定/ })
    .click();
  await lead.sees('已定稿');
}

/** Both models answer the suite, judged in both orders; gives wins, ties and losses as the page says them. */
export async function evaluate(lead: Visitor, suite: string, [a, b]: [string, string]): Promise<number[]> {
  await lead.press('用它比较模型');
  for (const model of [a, b]) await lead.choose('加一方：自己的模型，或外部模型', model);
  await lead.choose('加一个评判模型', /rehearsal-judge/);
  await lead.press('开始');
  await lead.sees(`${a} 对 ${b}`, 'heading');
  await lead.sees(`${suite} v1`);
  const bar = lead.page.getByRole('img', { name: /^前者胜 \d+，平 \d+，后者胜 \d+$/ }).first();
  await bar.waitFor({ timeout: 120_000 });
  await lead.sees('顺序一换就翻的比例');
  // The answers stand there without reading the page again.
  await lead.page.getByText('没有回答').first().waitFor({ state: 'detached' });
  await lead.picture('evaluation');
  return (await bar.getAttribute('aria-label'))!.match(/\d+/g)!.map(Number);
}
