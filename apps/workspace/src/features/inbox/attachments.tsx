import { contract, type Attachment } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'

/** What is attached; pictures are shown small. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  if (files.length === 0) return null
  return (
    <ul className="in-files" aria-label={t('inbox.attached')}>
      {files.map((file) => (
        <li key={file.id}>
          <a className="in-file" href={fileAddress(file.id)} target="_blank" rel="noreferrer">
            {isPicture(file) && <img src={fileAddress(file.id)} alt="" loading="lazy" />}
            <span>{t('inbox.file', { name: file.name, size: sizeOf(file.size) })}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}

export function fileAddress(id: string): string {
  return addressOf(contract.tickets.file, { params: { id } })
}

/** Kinds that every browser draws and that run nothing. */
export function isPicture({ mediaType }: Pick<Attachment, 'mediaType'>): boolean {
  return ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].includes(mediaType)
}

/** Bytes as people read them. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${number(bytes)} B`
  if (bytes < 1_000_000) return `${number(bytes / 1_000)} kB`
  return `${number(bytes / 1_000_000, bytes % 1_000_000 === 0 ? 0 : 1)} MB`
}
