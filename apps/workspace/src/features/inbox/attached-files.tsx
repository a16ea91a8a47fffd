import type { Attachment } from '@lahko/contract'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { fileAddress, isPicture, sizeOf } from './attachments.tsx'

type Props = { files: readonly Attachment[]; waiting: number; onRemove: (left: Attachment[]) => void }

/** What will be sent with the text. */
export function AttachedFiles({ files, waiting, onRemove }: Props) {
  if (files.length === 0 && waiting === 0) return null
  return (
    <ul className="in-files in-attached" aria-label={t('inbox.attached')}>
      {files.map((file) => (
        <li key={file.id} className="in-file">
          {isPicture(file) && <img src={fileAddress(file.id)} alt="" />}
          <a href={fileAddress(file.id)} target="_blank" rel="noreferrer">
            {t('inbox.file', { name: file.name, size: sizeOf(file.size) })}
          </a>
          <button
            type="button"
            className="button"
            data-size="small"
            data-tone="plain"
            data-icon
            aria-label={t('inbox.removeFile', { name: file.name })}
            onClick={() => onRemove(files.filter(({ id }) => id !== file.id))}
          >
            <Icon name="cross" />
          </button>
        </li>
      ))}
      {waiting > 0 && (
        <li className="quiet" aria-live="polite">
          {t('inbox.uploading', { count: waiting })}
        </li>
      )}
    </ul>
  )
}
