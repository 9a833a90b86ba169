import { preferenceRow, promptRow, sftRow } from '@qingnang/contracts';
import { expect, it } from 'vitest';
import { generateDemo } from '../../apps/worker/src/demo/generate.js';
import { demoSnapshotRows } from '../support/demo-rows.js';

const rows = demoSnapshotRows(generateDemo(42));

it('makes rows of the three kinds that keep to the snapshot schemas', () => {
  for (const row of Object.values(rows.sft).flat()) sftRow.parse(row);
  for (const row of Object.values(rows.preference).flat()) preferenceRow.parse(row);
  for (const row of Object.values(rows.prompts).flat()) promptRow.parse(row);
});

it('holds out over a hundred prompts and three hundred pairs, fifty of them near-equal in length', () => {
  const heldOut = [...rows.preference.validation, ...rows.preference.test];
  const near = heldOut.filter(
    ({ chosen, rejected }) =>
      Math.abs(chosen.length - rejected.length) < 0.1 * Math.max(chosen.length, rejected.length),
  );
  expect(heldOut.length).toBeGreaterThan(250);
  expect(near.length).toBeGreaterThanOrEqual(50);
  expect(rows.prompts.validation.length + rows.prompts.test.length).toBeGreaterThanOrEqual(100);
});

it('never puts one group into two splits, whatever the kind', () => {
  const seen = new Map<string, string>();
  for (const kind of [rows.sft, rows.preference, rows.prompts])
    for (const [split, list] of Object.entries(kind))
      for (const { group_id } of list)
        expect(seen.set(group_id, seen.get(group_id) ?? split).get(group_id)).toBe(split);
});
