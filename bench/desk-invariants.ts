import type pg from 'pg'

/** The ticket `t` and what was merged into it: it is one problem. */
const shown = `any(array(select t.id union all
  select g.source_id from ticket_merges g where g.workspace_id = $1 and g.target_id = t.id))`

/** What holds for every ticket that verbs have made: each selects those that break it, of workspace $1. */
const invariants: Record<string, string> = {
  'message_count is the number of its messages': `
    select t.id from tickets t where t.workspace_id = $1 and t.message_count <>
      (select count(*) from ticket_messages m where m.workspace_id = $1 and m.ticket_id = t.id)`,
  'waiting_since is its first message that nobody has answered, as long as it is ours to answer': `
    select t.id from tickets t where t.workspace_id = $1 and t.waiting_since is distinct from
      case when t.status in ('new', 'open') then (select min(m.at) from ticket_messages m
        where m.workspace_id = $1 and m.ticket_id = t.id and m.kind = 'message' and not m.automatic
          and not exists (select from ticket_messages r where r.workspace_id = $1 and r.ticket_id = t.id
            and r.kind = 'reply' and r.at >= m.at)) end`,
  'first_answered_at is its first reply': `
    select t.id from tickets t where t.workspace_id = $1 and t.first_answered_at is distinct from
      (select min(m.at) from ticket_messages m where m.workspace_id = $1 and m.ticket_id = t.id and m.kind = 'reply')`,
  'new is what nobody has answered': `
    select t.id from tickets t where t.workspace_id = $1 and t.status = 'new' and t.first_answered_at is not null`,
  'solved_at stands on what is over, and on nothing else': `
    select t.id from tickets t where t.workspace_id = $1
      and (t.solved_at is null) = (t.status in ('solved', 'closed'))`,
  'the shelf is spam, else solved, else unsolved': `
    select t.id from tickets t where t.workspace_id = $1 and t.shelf <> case when t.spam_at is not null then 'spam'
      when t.solved_at is not null then 'solved' else 'unsolved' end`,
  'who does not wait comes last': `
    select t.id from tickets t where t.workspace_id = $1
      and t.waits_from <> coalesce(t.waiting_since, 'infinity')`,
  'what is over does not sleep': `
    select t.id from tickets t where t.workspace_id = $1 and t.snoozed_until is not null and t.solved_at is not null`,
  'last_author and last_excerpt are those of its newest message that is no note': `
    select t.id from tickets t cross join lateral (
      select coalesce(nullif(m.from_name, ''), m.from_address) as author,
        left(btrim(regexp_replace(m.text, '\\s+', ' ', 'g')), 140) as excerpt
      from ticket_messages m where m.workspace_id = $1 and m.ticket_id = ${shown} and m.kind <> 'note'
      order by m.at desc, m.id desc limit 1) l
    where t.workspace_id = $1 and (t.last_author, t.last_excerpt) <> (l.author, l.excerpt)`,
  'updated_at is no earlier than its newest message': `
    select t.id from tickets t where t.workspace_id = $1 and t.updated_at <
      (select max(m.at) from ticket_messages m where m.workspace_id = $1 and m.ticket_id = t.id)`,
  'it was opened once, and each message is a fact': `
    select t.id from tickets t cross join lateral (
      select count(*) filter (where e.type = 'ticket.opened') as opened,
        count(*) filter (where e.type = 'ticket.message') as messages
      from events e where e.workspace_id = $1 and e.subject_id = t.id and e.type >= 'ticket.' and e.type < 'ticket/') e
    where t.workspace_id = $1 and (e.opened, e.messages) <> (1, t.message_count)`,
  'its facts of status lead from one to the next, to the one that it has': `
    select t.id from tickets t cross join lateral (
      select array_agg(e.data ->> 'from' order by e.id) as ways_from, array_agg(e.data ->> 'to' order by e.id) as ways_to
      from events e where e.workspace_id = $1 and e.subject_id = t.id and e.type = 'ticket.status') e
    where t.workspace_id = $1
      and array['new'] || coalesce(e.ways_to, '{}') <> coalesce(e.ways_from, '{}') || array[t.status]`,
  'the last fact of assigning names who has it': `
    select t.id from tickets t where t.workspace_id = $1 and t.owner_id::text is distinct from
      (select e.data ->> 'to' from events e where e.workspace_id = $1 and e.subject_id = t.id
        and e.type = 'ticket.assigned' order by e.id desc limit 1)`,
  'whoever writes takes part': `
    select distinct m.ticket_id as id from ticket_messages m where m.workspace_id = $1 and m.kind = 'message'
      and not exists (select from ticket_participants p where p.workspace_id = $1 and p.ticket_id = m.ticket_id
        and p.address = m.from_address)`,
  'it is one touchpoint, unless it is spam': `
    select t.id from tickets t where t.workspace_id = $1 and
      (select count(*) from touchpoints p where p.workspace_id = $1 and p.external_id = 'ticket:' || t.number
        and p.id = t.touchpoint_id) <> case when t.spam_at is null then 1 else 0 end`,
  'its touchpoint began with it, is of its customer, and ended when it was solved or merged': `
    select t.id from tickets t join touchpoints p on p.workspace_id = $1 and p.id = t.touchpoint_id
      left join ticket_merges m on m.workspace_id = $1 and m.source_id = t.id
    where t.workspace_id = $1 and (p.kind <> 'ticket' or p.started_at <> t.created_at
      or p.customer_id is distinct from t.customer_id or p.ended_at is distinct from coalesce(m.at, t.solved_at))`,
  'its touchpoint knows what it took': `
    select t.id from tickets t join touchpoints p on p.workspace_id = $1 and p.id = t.touchpoint_id
      left join ticket_merges g on g.workspace_id = $1 and g.source_id = t.id
      cross join lateral (select count(*) filter (where m.kind = 'message') as contacts,
        count(*) filter (where m.kind = 'reply') as replies, min(m.at) filter (where m.kind = 'reply') as answered_at
        from ticket_messages m where m.workspace_id = $1 and m.ticket_id = ${shown}) f
      cross join lateral (select jsonb_object_agg(key, value) - '{agent,agent_by,channels,repeats_7_days,waited_for_us_minutes,waited_for_customer_minutes}'::text[] as known
        from jsonb_each(p.attributes) where value <> '""') a
    where t.workspace_id = $1 and a.known is distinct from
      jsonb_strip_nulls(jsonb_build_object('channel', t.channel, 'topic', t.topic, 'language', t.language,
        'priority', (array['low', 'normal', 'high', 'urgent'])[t.priority + 1],
        'contacts', f.contacts::text, 'replies', f.replies::text, 'owner_changes', '0', 'reopenings', '0',
        'outcome', case when g.at is not null then 'merged' when t.solved_at is not null then 'solved' end,
        'first_answer_minutes', case when f.answered_at is not null then
          greatest(0, floor(extract(epoch from f.answered_at - t.created_at) / 60 + 0.5))::text end,
        'solution_minutes', case when g.at is null then
          floor(extract(epoch from t.solved_at - t.created_at) / 60 + 0.5)::text end))`,
  'its touchpoint knows how long each side has waited': `
    select t.id from tickets t join touchpoints p on p.workspace_id = $1 and p.id = t.touchpoint_id
      cross join lateral (
        select coalesce(round(sum(extract(epoch from next_at - at)) filter (where kind = 'message') / 60), 0)::text as us,
          coalesce(round(sum(extract(epoch from next_at - at)) filter (where kind = 'reply') / 60), 0)::text as customer
        from (select kind, at, coalesce(lead(at) over (order by at, id), greatest(t.solved_at, at)) as next_at from (
          select m.id, m.kind, m.at, lag(m.kind) over (order by m.at, m.id) as before from ticket_messages m
          where m.workspace_id = $1 and m.ticket_id = ${shown} and m.kind <> 'note') m where before is distinct from kind) m) w
    where t.workspace_id = $1 and (p.attributes ->> 'waited_for_us_minutes', p.attributes ->> 'waited_for_customer_minutes')
      <> (w.us, w.customer)`,
  'numbers are given once, and the last one is known': `
    select n.workspace_id as id from ticket_numbers n where n.workspace_id = $1
      and n.last <> (select max(t.number) from tickets t where t.workspace_id = $1)`,
  'merges lead to a ticket that is in no other': `
    select m.source_id as id from ticket_merges m where m.workspace_id = $1 and exists (
      with recursive way as (
        select m.target_id as id, 1 as step union all
        select o.target_id, way.step + 1 from way join ticket_merges o on o.workspace_id = $1 and o.source_id = way.id
        where way.step < 20
      ) select from way where step = 20)`,
}

/** The names of what does not hold, each with how many tickets break it. */
export async function brokenInvariants(owner: pg.Client, workspaceId: string): Promise<Record<string, number>> {
  const broken: Record<string, number> = {}
  for (const [name, breaking] of Object.entries(invariants)) {
    const { rows } = await owner.query<{ n: number }>(`select count(*)::integer as n from (${breaking}) b`, [
      workspaceId,
    ])
    if (rows[0]!.n > 0) broken[name] = rows[0]!.n
  }
  return broken
}
