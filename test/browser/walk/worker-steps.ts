import { expect } from 'vitest';
import type { Visitor } from '../../support/console.js';
import { csvDoctorSays } from './csv-file.js';

/** An invite link opened for the first time: login, name, password, and in. */
export async function join(visitor: Visitor, link: string, login: string, name: string): Promise<void> {
  const { page } = visitor;
  await page.goto(link);
  await visitor.fill('账号', login);
  await visitor.fill('姓名', name);
  await visitor.fill('新密码', 'qing nang zhou hou fang');
  await visitor.fill('再输入一次新密码', 'qing nang zhou hou fang');
  await visitor.press('加入');
  await visitor.sees('待办', 'heading');
}

async function begin(visitor: Visitor, queue: string): Promise<void> {
  await visitor.page.getByRole('listitem').filter({ hasText: queue }).getByRole('link').click();
}

/** Words added to one reply, another accepted as it reads; both by keyboard. */
export async function editOneAcceptOne(annotator: Visitor, queue: string): Promise<string> {
  const { page } = annotator;
  await begin(annotator, queue);
  const editor = page.locator('textarea:focus');
  await editor.waitFor();
  await annotator.sees('医生原话');
  expect(csvDoctorSays).toContain(await page.getByRole('heading', { name: '医生原话' }).locator('+ div').innerText());
  const added = '有变化随时来诊。';
  await page.keyboard.press('Control+End');
  await page.keyboard.type(added);
  await annotator.sees(/^已保存/);
  await annotator.sees('提交修改');
  await annotator.picture('review');
  await page.keyboard.press('Control+Enter');
  await annotator.sees('上一条已通过');
  await annotator.sees(/第 2 \/ \d+/);
  await editor.waitFor();
  await page.keyboard.press('Control+Enter');
  await annotator.sees(/第 3 \/ \d+/);
  await annotator.open('/work/mine');
  for (const verdict of ['修改', '接受']) await page.getByRole('cell', { name: verdict, exact: true }).waitFor();
  return added;
}

/** Before any model's answer is seen. */
export async function writeReference(doctor: Visitor, queue: string): Promise<void> {
  await begin(doctor, queue);
  await doctor.sees('您会怎样回答这位患者？', 'heading');
  await doctor.page.locator('textarea:focus').waitFor();
  await doctor.page.keyboard.type('您好。先休息两天，多喝温水；若发热超过三天或气短，请到医院看。祝早日康复。');
  await doctor.sees(/^已保存/);
  await doctor.picture('reference');
  await doctor.page.keyboard.press('Control+Enter');
  await doctor.sees(/第 2 \/ \d+ 题/);
}

/** The model's order is looked over and confirmed as it stands. */
export async function confirmOrder(doctor: Visitor, queue: string): Promise<void> {
  await doctor.open('/work');
  await begin(doctor, queue);
  await doctor.sees('模型这样排，对吗？', 'heading');
  await doctor.sees(/模型：第 1/);
  await doctor.picture('confirm-order');
  await doctor.press(/^确认这个顺序/);
  await doctor.sees(/第 2 \/ \d+ 题/);
}
