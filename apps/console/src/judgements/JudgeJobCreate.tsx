import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { JobForm } from '../candidates/JobForm';

const scopes = {
  with_candidates: { hasCandidates: true },
  with_reference: { hasCandidates: true, hasReference: true },
  not_judged: { hasCandidates: true, judged: false },
};

/** Points for candidates by rubric, each prompt in both orders. */
export default function JudgeJobCreate() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.judgements.${key}`);
  const [skipJudged, setSkipJudged] = useState(true);
  return (
    <JobForm resource="judgements" suits={/judge/} scopes={scopes} settings={{ skipJudged }}>
      <Typography sx={{ color: 'text.secondary' }}>{say('both_orders')}</Typography>
      <FormControlLabel
        control={<Checkbox checked={skipJudged} onChange={(event) => setSkipJudged(event.target.checked)} />}
        label={say('skip_judged')}
      />
    </JobForm>
  );
}
