import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, launchBrowser } from '../support/browser.js';
import { Backdoor, Visitor } from '../support/console.js';
import { Installation } from '../support/installation.js';
import * as lead from './walk/lead-steps.js';
import * as models from './walk/model-steps.js';
import * as worker from './walk/worker-steps.js';

describe.skipIf(!browserPath)('the whole loop', () => {
  let installation: Installation;
  let browser: Browser;

  beforeAll(async () => {
    installation = new Installation();
    [browser] = await Promise.all([launchBrowser(), installation.up()]);
    await (await Backdoor.open(installation, installation.firstLogin())).demoIsMade();
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  it('is walked from a file to an evaluated model, each person at their own browser', async () => {
    const arrive = (): Promise<Visitor> => Visitor.arrive(browser, installation.address);
    const one = await arrive();
    await one.signIn(installation.firstLogin());
    await lead.importFile(one);
    await lead.polishImported(one);
    await lead.makeReviewQueue(one, '社区门诊润色');

    const annotator = await arrive();
    await worker.join(annotator, await lead.invite(one, '标注员'), 'annotator-one', '张标注');
    await worker.editOneAcceptOne(annotator, '社区门诊润色');
    await annotator.leave();

    const doctor = await arrive();
    await worker.join(doctor, await lead.invite(one, '医生'), 'doctor-one', '李医生');
    await worker.writeReference(doctor, '参考答复');
    await worker.confirmOrder(doctor, '确认 AI 排序');
    await doctor.leave();

    await lead.freeze(one, '监督微调', 'walk-sft');
    await lead.freeze(one, '偏好对', 'walk-preference');
    await lead.freeze(one, '提问', 'walk-prompts');

    const policy = 'walk-sft-model';
    const reward = 'walk-reward-model';
    const tuned = 'walk-ppo-model';
    await models.train(one, { method: '监督微调', name: policy, snapshot: 'walk-sft', steps: 40 });
    await models.train(one, { method: '奖励模型', name: reward, snapshot: 'walk-preference', steps: 10, policy });
    await models.train(one, { method: 'PPO', name: tuned, snapshot: 'walk-prompts', steps: 2, policy, reward });
    await models.makeSuite(one, 'walk-suite', 'walk-prompts');
    const verdicts = await models.evaluate(one, 'walk-suite', [policy, tuned]);
    expect(verdicts.reduce((sum, n) => sum + n)).toBe(10);
    await models.chat(one, tuned);
    for (const list of ['llm-jobs', 'prompt-templates', 'runs', 'models', 'suites', 'evaluations'])
      await one.openFirstOf(`/${list}`);
    await one.leave();
  }, 600_000);
});
