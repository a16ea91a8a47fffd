import type { Attachment } from '@lahko/contract'
import type { ReactNode } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { fileAddress, isPicture, sizeOf } from './attachments.tsx'
import { stillIn, withoutPicture } from './pictures-in-text.ts'
import type { Written } from './use-draft.ts'

type Props = { written: Written; waiting: number; write: (part: Partial<Written>) => void }

/** What will be sent with the text, and the pictures within it, which the field itself cannot show. */
export function AttachedFiles({ written, waiting, write }: Props) {
  const { files, text } = written
  const pictures = stillIn(text, written.pictures)
  if (files.length + pictures.length === 0 && waiting === 0) return null
  const remove = (gone: Attachment) => write({ files: files.filter(({ id }) => id !== gone.id) })
  return (
    <ul className="in-files in-attached" aria-label={t('inbox.attached')}>
      {pictures.map(({ id, name }) => (
        <File key={id} id={id} name={name} picture onRemove={() => write({ text: withoutPicture(text, name) })}>
          {t('inbox.inText', { name })}
        </File>
      ))}
      {files.map((file) => (
        <File key={file.id} id={file.id} name={file.name} picture={isPicture(file)} onRemove={() => remove(file)}>
          {t('inbox.file', { name: file.name, size: sizeOf(file.size) })}
        </File>
      ))}
      {waiting > 0 && (
        <li className="quiet" aria-live="polite">
          {t('inbox.uploading', { count: waiting })}
        </li>
      )}
    </ul>
  )
}

type FileProps = { id: string; name: string; picture: boolean; onRemove: () => void; children: ReactNode }

function File({ id, name, picture, onRemove, children }: FileProps) {
  return (
    <li className="in-file">
      {picture && <img src={fileAddress(id)} alt="" />}
      <a href={fileAddress(id)} target="_blank" rel="noreferrer">
        {children}
      </a>
      <button
        type="button"
        className="button"
        data-size="small"
        data-tone="plain"
        data-icon
        aria-label={t('inbox.removeFile', { name })}
        onClick={onRemove}
      >
        <Icon name="cross" />
      </button>
    </li>
  )
}
