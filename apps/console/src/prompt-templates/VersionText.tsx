import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { PromptVersionView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

/** A version's words, as they are sent, and its settings. */
export function VersionText({ version }: { version: PromptVersionView }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.prompt-templates.${key}`);
  const { settings } = version;
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3, color: 'text.secondary' }}>
        <span>
          {words('fields.answer')} {words(`answers.${settings.answer}`)}
        </span>
        {settings.temperature !== undefined && (
          <span>
            {words('fields.temperature')} {settings.temperature}
          </span>
        )}
        {settings.maxOutputTokens !== undefined && (
          <span>
            {words('fields.maxOutputTokens')} {settings.maxOutputTokens}
          </span>
        )}
      </Box>
      {version.systemText !== '' && <Words title={words('system_text')} text={version.systemText} />}
      <Words title={words('user_text')} text={version.userText} />
    </>
  );
}

function Words({ title, text }: { title: string; text: string }) {
  return (
    <Paper variant="outlined" component="section" sx={{ p: 2 }}>
      <Typography variant="h2">{title}</Typography>
      <Box sx={{ whiteSpace: 'pre-wrap', mt: 1 }}>{text}</Box>
    </Paper>
  );
}
