import Box from '@mui/material/Box';
import { useEffect, useState } from 'react';
import type { FileEncoding } from '@qingnang/contracts';

const BYTES = 4_096;

/** The first bytes of the file as they read in an encoding: wrong ones are seen at a glance. */
export function RawPreview({ file, encoding }: { file: File; encoding: FileEncoding }) {
  const [text, setText] = useState('');
  useEffect(() => {
    let current = true;
    void file
      .slice(0, BYTES)
      .arrayBuffer()
      .then((bytes) => current && setText(new TextDecoder(encoding).decode(bytes)));
    return () => {
      current = false;
    };
  }, [file, encoding]);
  return (
    <Box
      component="pre"
      tabIndex={0}
      sx={{
        m: 0,
        p: 1.5,
        maxHeight: 200,
        overflow: 'auto',
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        font: 'inherit',
        fontSize: '0.875rem',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
      }}
    >
      {text}
    </Box>
  );
}
