import { expect, it } from 'vitest';
import { ensureLlmDefaults } from '@qingnang/llm';
import { openConsole } from '../support/doctor-console.js';
import { startApi } from '../support/api.js';
import { launchBrowser } from '../support/browser.js';
import { importDialogues, makeSource } from '../support/corpus.js';
import { addAiJudgement, addCandidates, promptsOf } from '../support/preference.js';

const texts = [
  '您好，首先多喝水，其次清淡饮食，若三天不好请及时就诊。祝您早日康复。',
  '建议多喝水，清淡饮食。',
  '喝水就行。',
  '这也要问？自己去查，别烦我，多喝水就行，随便你。',
];
it('shots', async () => {
  const api = await startApi();
  await api.app.listen(0, '127.0.0.1');
  const address = await api.app.getUrl();
  await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
  const source = await makeSource(api.dataSource, api.project.id);
  const ids = await importDialogues(api.dataSource, source, Array.from({ length: 8 }, (_, i) => [
    `妈妈最近失眠${i + 1}周了，入睡困难，夜里醒三四次，白天没精神，要不要吃安眠药？`, '失眠多久了？有没有高血压？', '有高血压，吃氨氯地平5mg。', '先不用吃安眠药，睡前泡脚，少看手机。',
  ]));
  await api.dataSource.query(`update record set department = '神经内科' where project_id = $1`, [api.project.id]);
  const prompts = await promptsOf(api.dataSource, api.project.id, { originalReplies: true });
  for (const id of prompts.slice(0, 6)) {
    const c = await addCandidates(api.dataSource, api.project.id, id, texts);
    await addAiJudgement(api.dataSource, api.project.id, id, c, [9, 6.5, 4, 2]);
    await addAiJudgement(api.dataSource, api.project.id, id, [...c].reverse(), [2, 4, 6.25, 8.75]);
  }
  const sets: Record<string, string> = {};
  for (const kind of ['reference', 'ranking', 'confirm_ranking']) {
    const made = await api.as('data_lead').post('/task-sets', { name: `神经内科 · ${kind}`, kind, roles: ['doctor'], filter: { ids } });
    expect(made.status, made.text).toBe(201);
    sets[kind] = (made.body as { id: string }).id;
  }
  // One blind order, so that there is something to calibrate against.
  const { body } = await api.as('doctor').post('/work/claim', { taskSetId: sets.ranking });
  const slot = (body as { slot: { id: string; fencingToken: number; subjectId: string } }).slot;
  const task = await api.as('doctor').get(`/work/slots/${slot.id}/ranking`);
  const cands = (task.body as { candidates: { key: string; text: string }[] }).candidates;
  await api.as('doctor').post(`/work/slots/${slot.id}/ranking`, { fencingToken: slot.fencingToken, seconds: 30, ranks: cands.map((c) => ({ key: c.key, rank: [1, 2, 2, 4][texts.indexOf(c.text)], bad: c.text === texts[3] })) }).expect(200);
  const browser = await launchBrowser();
  const out = '/tmp/pref-shots';
  for (const [locale, tag] of [['zh-CN', 'zh'], ['en', 'en']] as const)
    for (const width of [390, 1440]) {
      const make = () => browser.newContext({ locale, viewport: { width, height: width === 390 ? 844 : 900 }, reducedMotion: 'reduce', timezoneId: 'Asia/Shanghai' });
      const c1 = await make();
      await api.dataSource.query(`update person set language = $1`, [locale]);
      let page = await openConsole(c1, address, 'doctor', '/work');
      const shot = async (name: string) => { await page.waitForTimeout(700); await page.screenshot({ path: `${out}/${name}-${tag}-${width}.png` });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth); if (over > 0) console.log('OVERFLOW', name, tag, width, over); };
      await shot('queues');
      await page.goto(`${address}/#/p/first/work/reference/${sets.reference}`); await page.waitForTimeout(1200); await page.getByRole('textbox').fill('先不用安眠药。睡前一小时不看手机，热水泡脚，白天少午睡。'); await shot('reference');
      await page.goto(`${address}/#/p/first/work/ranking/${sets.ranking}`); await page.waitForTimeout(1200);
      await page.getByText(texts[0]!).click(); await page.getByText(texts[1]!).click(); await shot('ranking');
      await page.goto(`${address}/#/p/first/work/confirm_ranking/${sets.confirm_ranking}`); await page.waitForTimeout(1200); await shot('confirm');
      await c1.close();
      const c2 = await make();
      page = await openConsole(c2, address, 'data_lead', '/prompts');
      await page.waitForTimeout(1200); await shot('prompts');
      await page.goto(`${address}/#/p/first/prompts/${slot.subjectId}/show`); await page.waitForTimeout(1200); await shot('prompt');
      await page.screenshot({ path: `${out}/prompt-full-${tag}-${width}.png`, fullPage: true });
      for (const path of ['references', 'candidates', 'candidates/create', 'judgements', 'judgements/create', 'judgements/calibration']) {
        await page.goto(`${address}/#/p/first/${path}`); await page.waitForTimeout(1000);
        if (path === 'candidates/create') { await page.getByRole('button', { name: /^(估算|Estimate)$/ }).click(); await page.waitForTimeout(1500); }
        await shot(path.replace('/', '-'));
      }
      await c2.close();
    }
  await browser.close();
  await api.close();
}, 280_000);
