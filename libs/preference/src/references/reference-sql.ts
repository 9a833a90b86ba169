/** Columns of a reference, over {@link REFERENCE_FROM}. */
export const REFERENCE_COLUMNS = `f.id, f.prompt_id as "promptId",
  case when f.doctor_id is null then null else json_build_object('id', f.doctor_id, 'name', d.display_name) end as doctor,
  f.revision, f.kind, f.text, f.after_exposure as "afterExposure", f.rehearsal, f.synthetic, f.created_at as "createdAt"`;
export const REFERENCE_FROM = 'reference f left join person d on d.id = f.doctor_id';
