import { videoAt } from '@lahko/contract/videos'
import type { Language } from '@lahko/contract'
import type { Editor } from '@tiptap/react'
import { useState } from 'react'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Field } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { atText } from './at-text.ts'

const longestTitle = 160

type Props = { editor: Editor; language: Language; onClose: () => void }

/** A video by its address, with the title by which readers know it before they ask for it. */
export function VideoDialog({ editor, language, onClose }: Props) {
  const [address, setAddress] = useState('')
  const [title, setTitle] = useState('')
  const [tried, setTried] = useState(false)
  const video = videoAt(address.trim())
  const save = () => {
    setTried(true)
    if (!video || title.trim() === '') return
    onClose()
    // The dialog gives the focus back to where it came from; the text takes it after that.
    setTimeout(() => put(editor, address.trim(), title.trim()))
  }
  return (
    <Dialog title={t('articles.videoNew')} onClose={onClose}>
      <DialogForm noValidate saveName={t('articles.picturePut')} onSave={save} onCancel={onClose}>
        <Field
          label={t('articles.videoAddress')}
          hint={t('articles.videoHint')}
          problem={tried && !video ? t('articles.videoUnknown') : undefined}
        >
          {(field) => (
            <input
              className="input"
              type="url"
              inputMode="url"
              autoComplete="off"
              value={address}
              onChange={({ target }) => setAddress(target.value)}
              {...field}
            />
          )}
        </Field>
        <p className="quiet" aria-live="polite">
          {video ? t('articles.videoFrom', { host: video.host }) : ''}
        </p>
        <Field
          label={t('articles.videoTitle')}
          hint={t('articles.videoTitleHint')}
          problem={tried && title.trim() === '' ? t('articles.videoUntitled') : undefined}
        >
          {(field) => (
            <input
              className="input"
              lang={language}
              maxLength={longestTitle}
              value={title}
              onChange={({ target }) => setTitle(target.value)}
              {...field}
            />
          )}
        </Field>
      </DialogForm>
    </Dialog>
  )
}

/** A link in a paragraph of its own is a video. */
function put(editor: Editor, href: string, title: string): void {
  const link = { type: 'text', text: title, marks: [{ type: 'link', attrs: { href } }] }
  const paragraph = { type: 'paragraph', content: [link] }
  atText(editor)
    .insertContent([paragraph, { type: 'paragraph' }])
    .run()
}
