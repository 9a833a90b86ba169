import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { SnapshotDetail, SnapshotManifest } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../../components/Count';
import { hasFiles } from '../snapshot-model';
import { Section } from '../../components/Section';
import { useDownload } from './useDownload';

/** Files of the folder with their hashes, each to download. */
export function SnapshotFiles({ snapshot, manifest }: { snapshot: SnapshotDetail; manifest: SnapshotManifest }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  const download = useDownload(snapshot.id);
  const here = hasFiles(snapshot);
  return (
    <Section
      title={words('files')}
      actions={here && <Button onClick={() => download.mutate({})}>{words('download_manifest')}</Button>}
    >
      {!here && <span>{words('files_gone')}</span>}
      <Box sx={{ overflowX: 'auto' }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{words('fields.path')}</TableCell>
              <TableCell>{words('fields.split')}</TableCell>
              <TableCell align="right">{words('fields.rows')}</TableCell>
              <TableCell>{words('fields.sha256')}</TableCell>
              <TableCell />
            </TableRow>
          </TableHead>
          <TableBody>
            {manifest.files.map((file) => (
              <TableRow key={file.path}>
                <TableCell component="th" scope="row">
                  {file.path}
                </TableCell>
                <TableCell>{words(`splits.${file.split}`)}</TableCell>
                <TableCell align="right">
                  <Count value={file.rows} />
                </TableCell>
                <TableCell>
                  <code style={{ overflowWrap: 'anywhere', fontSize: '0.8125rem' }}>{file.sha256}</code>
                </TableCell>
                <TableCell align="right">
                  {here && (
                    <Button
                      size="small"
                      aria-label={`${words('download')} ${file.path}`}
                      onClick={() => download.mutate({ file: file.path })}
                    >
                      {words('download')}
                    </Button>
                  )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
    </Section>
  );
}
