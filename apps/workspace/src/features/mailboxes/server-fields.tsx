import { Choice, Field, SelectField, TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import type { MailboxDraft } from './mailbox-draft.ts'

type Props = {
  draft: MailboxDraft
  /** Whether there are secrets that stay when nothing is given. */
  known: boolean
  set: (change: Partial<MailboxDraft>) => void
  problem: (field: string) => string | undefined
}

/** By which way mail comes in. */
export function InwardFields({ draft, known, set, problem }: Props) {
  const { comesBy, imap, oauth, authServer } = draft
  const change = (part: Partial<MailboxDraft['imap']>) => set({ imap: { ...imap, ...part } })
  return (
    <fieldset className="ib-part">
      <legend>{t('mailboxes.in')}</legend>
      <SelectField
        label={t('mailboxes.comesBy')}
        hint={comesBy === 'receiver' ? t('mailboxes.receiverHint') : undefined}
        value={comesBy}
        options={[
          ['password', t('mailboxes.byPassword')],
          ['oauth', t('mailboxes.byOauth')],
          ['receiver', t('mailboxes.byOwnReceiver')],
        ]}
        onChange={(value) => set({ comesBy: value })}
      />
      {comesBy !== 'receiver' && (
        <>
          <Place part="imap" place={imap} change={change} problem={problem} />
          {comesBy === 'password' ? (
            <Secret
              label={t('mailboxes.password')}
              value={imap.password}
              known={known}
              problem={problem('imap/password')}
              onChange={(password) => change({ password })}
            />
          ) : (
            <Provider
              part="imap"
              oauth={oauth}
              known={known}
              problem={problem}
              change={(part) => set({ oauth: { ...oauth, ...part } })}
            />
          )}
          <TextField
            label={t('mailboxes.folder')}
            value={imap.folder}
            problem={problem('imap/folder')}
            onChange={(folder) => change({ folder })}
          />
          <TextField
            label={t('mailboxes.authServer')}
            hint={t('mailboxes.authServerHint')}
            value={authServer}
            problem={problem('authServer')}
            onChange={(value) => set({ authServer: value })}
          />
        </>
      )}
    </fieldset>
  )
}

/** What becomes of the mail that is there before the mailbox is read. */
export function OldMailFields({ draft, set, problem }: Omit<Props, 'known'>) {
  const { oldIsOver, oldBefore } = draft
  return (
    <fieldset className="ib-part">
      <legend>{t('mailboxes.oldMail')}</legend>
      <div className="stack" data-gap="3">
        <Choice
          type="radio"
          name="old-mail"
          checked={oldIsOver}
          hint={t('mailboxes.oldIsOverHint')}
          onChange={() => set({ oldIsOver: true })}
        >
          {t('mailboxes.oldIsOver')}
        </Choice>
        <Choice type="radio" name="old-mail" checked={!oldIsOver} onChange={() => set({ oldIsOver: false })}>
          {t('mailboxes.oldIsOpen')}
        </Choice>
      </div>
      {oldIsOver && (
        <Field label={t('mailboxes.oldBefore')} problem={problem('solvedBefore')}>
          {(field) => (
            <input
              className="input"
              type="datetime-local"
              required
              {...field}
              value={oldBefore}
              onChange={(event) => set({ oldBefore: event.target.value })}
            />
          )}
        </Field>
      )}
    </fieldset>
  )
}

/** By which server mail goes out. */
export function OutwardFields({ draft, known, set, problem }: Props) {
  const { ownSmtp, plusAddresses } = draft
  return (
    <fieldset className="ib-part">
      <legend>{t('mailboxes.out')}</legend>
      <Choice
        kind="switch"
        checked={ownSmtp}
        hint={t('mailboxes.ownSmtpHint')}
        onChange={(own) => set({ ownSmtp: own })}
      >
        {t('mailboxes.ownSmtp')}
      </Choice>
      {ownSmtp && <OwnServer draft={draft} known={known} set={set} problem={problem} />}
      <Choice
        kind="switch"
        checked={plusAddresses}
        hint={t(plusAddresses ? 'mailboxes.plusHint' : 'mailboxes.noPlusHint')}
        onChange={(takes) => set({ plusAddresses: takes })}
      >
        {t('mailboxes.plus')}
      </Choice>
    </fieldset>
  )
}

/** The server of a mailbox that sends its mail, and how it is entered. */
function OwnServer({ draft, known, set, problem }: Props) {
  const { smtp, sendsBy, smtpOauth, comesBy } = draft
  const change = (part: Partial<MailboxDraft['smtp']>) => set({ smtp: { ...smtp, ...part } })
  const ways = (['password', 'same', 'oauth'] as const).filter((way) => way !== 'same' || comesBy === 'oauth')
  const way = ways.includes(sendsBy) ? sendsBy : 'oauth'
  return (
    <>
      <Place part="smtp" place={smtp} change={change} problem={problem} needsUser={way !== 'password'} />
      <SelectField
        label={t('mailboxes.sendsBy')}
        hint={way === 'same' ? t('mailboxes.sameHint') : undefined}
        problem={way === 'same' ? problem('smtp/oauth/refreshToken') : undefined}
        value={way}
        options={ways.map((one) => [one, t(`mailboxes.sendsBy.${one}`)] as const)}
        onChange={(value) => set({ sendsBy: value })}
      />
      {way === 'password' && (
        <Secret
          label={t('mailboxes.password')}
          value={smtp.password}
          known={known}
          problem={problem('smtp/password')}
          onChange={(password) => change({ password })}
        />
      )}
      {way === 'oauth' && (
        <Provider
          part="smtp"
          oauth={smtpOauth}
          known={known}
          problem={problem}
          change={(part) => set({ smtpOauth: { ...smtpOauth, ...part } })}
        />
      )}
    </>
  )
}

type PlaceOf = { host: string; port: string; secure: boolean; user: string }

function Place({
  part,
  place,
  change,
  problem,
  needsUser = part === 'imap',
}: {
  part: 'imap' | 'smtp'
  needsUser?: boolean
  place: PlaceOf
  change: (part: Partial<PlaceOf>) => void
  problem: Props['problem']
}) {
  return (
    <>
      <div className="ib-place">
        <TextField
          label={t('mailboxes.host')}
          required
          placeholder={part === 'imap' ? 'imap.example.com' : 'smtp.example.com'}
          value={place.host}
          problem={problem(`${part}/host`)}
          onChange={(host) => change({ host })}
        />
        <TextField
          label={t('mailboxes.port')}
          required
          pattern="[0-9]{1,5}"
          value={place.port}
          problem={problem(`${part}/port`)}
          onChange={(port) => change({ port })}
        />
      </div>
      <Choice
        kind="switch"
        checked={place.secure}
        hint={t('mailboxes.secureHint')}
        onChange={(secure) => change({ secure })}
      >
        {t('mailboxes.secure')}
      </Choice>
      <TextField
        label={t('mailboxes.user')}
        required={needsUser}
        autoComplete="off"
        value={place.user}
        problem={problem(`${part}/user`)}
        onChange={(user) => change({ user })}
      />
    </>
  )
}

function Provider({
  part,
  oauth,
  known,
  change,
  problem,
}: {
  part: 'imap' | 'smtp'
  oauth: MailboxDraft['oauth']
  known: boolean
  change: (part: Partial<MailboxDraft['oauth']>) => void
  problem: Props['problem']
}) {
  return (
    <>
      <TextField
        label={t('mailboxes.tokenUrl')}
        required
        placeholder="https://login.example.com/oauth2/v2.0/token"
        value={oauth.tokenUrl}
        problem={problem(`${part}/oauth/tokenUrl`)}
        onChange={(tokenUrl) => change({ tokenUrl })}
      />
      <TextField
        label={t('mailboxes.clientId')}
        required
        value={oauth.clientId}
        problem={problem(`${part}/oauth/clientId`)}
        onChange={(clientId) => change({ clientId })}
      />
      <Secret
        label={t('mailboxes.clientSecret')}
        value={oauth.clientSecret}
        known={known}
        problem={problem(`${part}/oauth/clientSecret`)}
        onChange={(clientSecret) => change({ clientSecret })}
      />
      <Secret
        label={t('mailboxes.refreshToken')}
        value={oauth.refreshToken}
        known={known}
        problem={problem(`${part}/oauth/refreshToken`)}
        onChange={(refreshToken) => change({ refreshToken })}
      />
    </>
  )
}

function Secret(props: {
  label: string
  value: string
  known: boolean
  problem: string | undefined
  onChange: (value: string) => void
}) {
  const { label, value, known, problem, onChange } = props
  return (
    <TextField
      label={label}
      hint={known ? t('mailboxes.secretStays') : undefined}
      type="password"
      autoComplete="new-password"
      value={value}
      problem={problem}
      onChange={onChange}
    />
  )
}
