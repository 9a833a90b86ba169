import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';
import { reasonOf } from './reason-words';

interface Props {
  /** As it was kept: `code`, or `code: sentence`. */
  failure: string;
  /** Key of the sentence that takes it as `%{why}`. */
  sentence?: string;
}

/** Why something failed and what to do, with what the program said where that says more. */
export function ReasonText({ failure, sentence }: Props) {
  const translate = useTranslate();
  const { words, kept } = reasonOf(failure, translate);
  return (
    <>
      {sentence ? translate(sentence, { why: words }) : words}
      {kept && (
        <Typography variant="caption" component="div" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {translate('state.program_said', { said: kept })}
        </Typography>
      )}
    </>
  );
}
