/** What the newest judge that graded reference `f` thought of it. */
export const REFERENCE_GRADE = `(select g.reference_grade from judgement g
  where g.reference_id = f.id and g.reference_grade is not null order by g.created_at desc, g.id desc limit 1)`;

/** Columns of a reference, over {@link REFERENCE_FROM}. */
export const REFERENCE_COLUMNS = `f.id, f.prompt_id as "promptId",
  case when f.doctor_id is null then null else json_build_object('id', f.doctor_id, 'name', d.display_name) end as doctor,
  f.revision, f.kind, f.text, f.after_exposure as "afterExposure", f.rehearsal, f.synthetic, ${REFERENCE_GRADE} as grade,
  f.created_at as "createdAt"`;
/** Those that count: what was taken back is left out. */
export const REFERENCE_IN_FORCE =
  '(select * from reference where not undone) f left join person d on d.id = f.doctor_id';
export const REFERENCE_FROM = 'reference f left join person d on d.id = f.doctor_id';
