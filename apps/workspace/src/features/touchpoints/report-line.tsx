import { CopyButton } from '../../platform/copy-button.tsx'
import './features.css'

/** The call that reports a first touchpoint, ready to be pasted into a terminal. */
export function ReportLine() {
  const line =
    `curl -X POST ${location.origin}/api/v1/touchpoints -H "Authorization: Bearer $LAHKO_KEY"` +
    ` -H "Content-Type: application/json"` +
    ` -d '{"externalId":"ticket-1","kind":"ticket","customer":{"email":"ana@example.com"}}'`
  return (
    <div className="tp-line">
      <pre>
        <code>{line}</code>
      </pre>
      <CopyButton text={line} />
    </div>
  )
}
