-- The tickets of two years, six messages each, the same every time. Takes: bench.workspace, an empty workspace;
-- bench.tickets, how many; bench.until, the moment at which the two years end.

-- A number from 0 to 1 that belongs to n and nothing else.
create function pg_temp.part(n bigint, seed bigint) returns double precision language sql immutable as
$$ select (hashint8extended(n, seed) & 1073741823) / 1073741824.0 $$;

-- One of so many, the first ones more often.
create function pg_temp.mostly(n bigint, seed bigint, many bigint) returns bigint language sql immutable as
$$ select floor(many * pg_temp.part(n, seed) ^ 2)::bigint $$;

create function pg_temp.id_at(at timestamptz, name text) returns uuid language sql immutable as
$$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(name), 1, 3) || '8' ||
  substr(md5(name), 4, 15))::uuid $$;

create function pg_temp.syllable(n bigint) returns text language sql immutable as
$$ select substr('bcdfghjklmnprstvz', (n % 17)::integer + 1, 1) || substr('aeiou', (n / 17 % 5)::integer + 1, 1) $$;

-- Of three syllables; no two numbers below 614,125 make the same.
create function pg_temp.word(n bigint) returns text language sql immutable as
$$ select pg_temp.syllable(k) || pg_temp.syllable(k / 85) || pg_temp.syllable(k / 7225)
  from (select (n * 7919 + 12345) % 614125 as k) k $$;

-- Of four, for what is said in a handful of messages.
create function pg_temp.rare_word(n bigint) returns text language sql immutable as
$$ select pg_temp.syllable(k) || pg_temp.syllable(k / 85) || pg_temp.syllable(k / 7225) || pg_temp.syllable(k / 614125)
  from (select (n * 7919 + 12345) % 52200625 as k) k $$;

create temporary table given as
select current_setting('bench.workspace')::uuid as w, current_setting('bench.tickets')::bigint as tickets,
  date_trunc('second', current_setting('bench.until')::timestamptz) as until;

-- Twelve words each: five of 60 that are in every fourth message, five of 1,500 that are in one of 75, two of 10,000.
create temporary table sentences as
select s as n, string_agg(pg_temp.word(case when k <= 5 then floor(60 * pg_temp.part(s * 16 + k, 1))::bigint
  when k <= 10 then 100 + floor(1500 * pg_temp.part(s * 16 + k, 1))::bigint
  else 2000 + floor(10000 * pg_temp.part(s * 16 + k, 1))::bigint end), ' ' order by pg_temp.part(s * 16 + k, 2)) || '.' as text
from generate_series(0, 4999) s, generate_series(1, 12) k group by s;
create index on sentences (n);

create temporary table agents as
select n, pg_temp.id_at(g.until - interval '800 days', 'member ' || g.w || n) as id, initcap(pg_temp.word(50000 + n)) as name
from given g, generate_series(0, 11) n;

insert into accounts (id, email, name, language, created_at)
select a.id, a.id || '@shop.example', a.name, 'en', g.until - interval '800 days' from agents a, given g;
insert into members (workspace_id, id, account_id, role, created_at)
select g.w, a.id, a.id, 'agent', g.until - interval '800 days' from agents a, given g;

create temporary table boxes as
select n, pg_temp.id_at(g.until - interval '790 days', 'mailbox ' || g.w || n) as id, 'desk' || n || '@shop.example' as address
from given g, generate_series(0, 3) n;
insert into mailboxes (workspace_id, id, name, address, created_at)
select g.w, b.id, 'Desk ' || b.n, b.address, g.until - interval '790 days' from boxes b, given g;

create temporary table persons as
select n, pg_temp.id_at(g.until - interval '780 days', 'customer ' || g.w || n) as id,
  initcap(pg_temp.word(n % 600000)) || ' ' || initcap(pg_temp.word(60000 + n % 977)) as name, 'c' || n || '@mail.example' as address
from given g, generate_series(0, greatest(g.tickets / 4, 1)) n;
create index on persons (n);
insert into customers (workspace_id, id, name, email, language, created_at)
select g.w, p.id, p.name, p.address, (array['en', 'sl', 'nb'])[1 + p.n % 3], g.until - interval '780 days' from persons p, given g;

-- Each ticket as it is now. Its messages stand `step` apart; what is older than a month is closed, all but a few.
create temporary table made as
select m.*, p.id as customer_id, p.name as customer, p.address, a.id as agent_id, a.name as agent, b.id as mailbox_id,
  b.address as mailbox, pg_temp.id_at(m.created_at, 'ticket ' || m.w || m.n) as id,
  pg_temp.id_at(m.created_at, 'touchpoint ' || m.w || m.n) as touchpoint_id,
  m.created_at + 5 * m.step as updated_at,
  case when m.status in ('solved', 'closed') then m.created_at + 5 * m.step end as solved_at
from (
  select k.*, case
      when k.spam then 'new'
      when k.age > interval '33 days' then case when k.u < 0.004 then 'open' when k.u < 0.008 then 'waiting'
        when k.u < 0.01 then 'on_hold' else 'closed' end
      when k.age < interval '10 days' and k.u < 0.05 then 'new'
      when k.u < 0.17 then 'open' when k.u < 0.29 then 'waiting' when k.u < 0.32 then 'on_hold' else 'solved' end as status,
    date_trunc('milliseconds', least(k.age * 0.9, interval '1 hour' + interval '5 days' * pg_temp.part(k.n, 5)) / 5) as step
  from (
    select g.w, g.until, n, c.created_at, g.until - c.created_at as age, pg_temp.part(n, 3) as u,
      pg_temp.part(n, 4) < 0.02 as spam,
      case when pg_temp.part(n, 6) < 0.85 then 'topic ' || pg_temp.mostly(n, 7, 12) end as topic,
      case when pg_temp.part(n, 8) < 0.8 then 'email' when pg_temp.part(n, 8) < 0.92 then 'form'
        when pg_temp.part(n, 8) < 0.97 then 'portal' else 'api' end as channel,
      case when pg_temp.part(n, 9) < 0.8 then 1 when pg_temp.part(n, 9) < 0.92 then 2 when pg_temp.part(n, 9) < 0.97 then 0
        else 3 end as priority,
      (array['en', 'sl', 'nb'])[1 + pg_temp.mostly(n, 10, 3)] as language,
      -- Those that are merged are of one person.
      pg_temp.mostly(n - (n % 50 = 1)::integer, 11, greatest(g.tickets / 4, 1)) as person, pg_temp.mostly(n, 12, 12) as agent_n,
      pg_temp.mostly(n, 13, 4) as box,
      pg_temp.word(floor(60 * pg_temp.part(n, 14))::bigint) || ' ' || pg_temp.word(100 + floor(1500 * pg_temp.part(n, 15))::bigint) ||
        ' ' || pg_temp.rare_word(floor(2 * g.tickets * pg_temp.part(n, 16))::bigint) as subject
    from given g, generate_series(1, g.tickets) n,
      lateral (select date_trunc('milliseconds', g.until - interval '730 days' * (1 - (n - 0.5) / g.tickets)) as created_at) c
  ) k
) m join persons p on p.n = m.person join agents a on a.n = m.agent_n join boxes b on b.n = m.box;
alter table made add column owner_id uuid;
update made set owner_id = agent_id where not spam and pg_temp.part(n, 17) < case when status = 'new' then 0.4 else 0.95 end;
create index on made (n);

-- Of each pair of one person that are both over, the older one is merged into the younger one.
create temporary table merged as
select s.n, s.id as source_id, t.id as target_id, t.updated_at as at, t.number, t.updated_at, s.number as source_number
from (select *, 1000 + n as number from made) s join (select *, 1000 + n as number from made) t on t.n = s.n + 1
where s.n % 50 = 0 and s.solved_at is not null and t.solved_at is not null and s.updated_at < t.updated_at;

-- Customer, agent, a note, customer, agent, and then whoever the status says.
create temporary table said as
select (m.n - 1) * 6 + k as n, m.n as ticket_n, k, m.id as ticket_id, m.created_at + (k - 1) * m.step as at,
  pg_temp.id_at(m.created_at + (k - 1) * m.step, 'message ' || m.w || m.n || ' ' || k) as id, kind.kind,
  a.text || E'\n\n' || b.text || ' ' || c.text || ' ' || d.text || ' ' ||
    pg_temp.rare_word(floor(2 * g.tickets * pg_temp.part((m.n - 1) * 6 + k, 20))::bigint) as text
from given g, made m cross join generate_series(1, 6) k
cross join lateral (select case when k = 3 then 'note' when m.status = 'new' or k in (1, 4) then 'message'
  when k = 6 and m.status = 'open' then 'message' else 'reply' end as kind) kind
join sentences a on a.n = floor(5000 * pg_temp.part((m.n - 1) * 6 + k, 21))
join sentences b on b.n = floor(5000 * pg_temp.part((m.n - 1) * 6 + k, 22))
join sentences c on c.n = floor(5000 * pg_temp.part((m.n - 1) * 6 + k, 23))
join sentences d on d.n = floor(5000 * pg_temp.part((m.n - 1) * 6 + k, 24));

insert into tickets (workspace_id, id, number, subject, status, priority, owner_id, topic, channel, language, customer_id,
  mailbox_id, touchpoint_id, snoozed_until, waiting_since, first_answered_at, solved_at, spam_at, created_at, updated_at,
  last_author, last_excerpt, message_count)
select m.w, m.id, 1000 + m.n, m.subject, m.status, m.priority, m.owner_id, m.topic, m.channel, m.language, m.customer_id,
  m.mailbox_id, case when not m.spam then m.touchpoint_id end,
  case when m.solved_at is null and not m.spam and pg_temp.part(m.n, 18) < 0.1
    then m.until + interval '1 day' + interval '30 days' * pg_temp.part(m.n, 19) end,
  case m.status when 'new' then m.created_at when 'open' then m.updated_at end,
  case when m.status <> 'new' then m.created_at + m.step end, m.solved_at, case when m.spam then m.updated_at end,
  m.created_at, m.updated_at, case when s.kind = 'message' then m.customer else m.agent end,
  left(regexp_replace(s.text, '\s+', ' ', 'g'), 140), 6
from made m join said s on s.n = m.n * 6 order by m.n;

insert into ticket_numbers (workspace_id, last) select w, 1000 + tickets from given;

insert into ticket_messages (workspace_id, id, ticket_id, kind, channel, member_id, customer_id, from_name, from_address,
  recipients, subject, text, message_id, in_reply_to, reference_ids, at)
select m.w, s.id, m.id, s.kind, case when s.k = 1 then m.channel else 'email' end,
  case when s.kind <> 'message' then m.agent_id end, case when s.kind = 'message' then m.customer_id end,
  case when s.kind = 'message' then m.customer else m.agent end,
  case s.kind when 'message' then m.address when 'reply' then m.mailbox else '' end,
  case when s.kind = 'reply' then jsonb_build_array(jsonb_build_object('name', m.customer, 'address', m.address)) else '[]' end,
  case when s.kind <> 'note' then m.subject else '' end, s.text,
  case when s.kind <> 'note' then '<' || s.n || '@mail.example>' end, case when s.kind <> 'note' then before.id end,
  case when s.kind <> 'note' and before.id is not null then array[before.id] else '{}' end, s.at
from said s join made m on m.n = s.ticket_n
cross join lateral (select case when s.k > 1 then '<' || s.n - (case when s.k = 4 then 2 else 1 end) || '@mail.example>' end as id) before
order by s.n;

insert into ticket_participants (workspace_id, ticket_id, address, name) select w, id, address, customer from made;

insert into ticket_tags (workspace_id, ticket_id, tag)
select distinct m.w, m.id, 'tag ' || pg_temp.mostly(m.n, 30 + k, 40) from made m, generate_series(1, 3) k
where pg_temp.part(m.n, 33) < k / 4.0;

insert into ticket_followers (workspace_id, ticket_id, member_id)
select m.w, m.id, a.id from made m join agents a on a.n = (m.agent_n + 1) % 12 where pg_temp.part(m.n, 34) < 0.02;

insert into ticket_merges (workspace_id, source_id, target_id, at, before)
select g.w, m.source_id, m.target_id, m.at, standing.it from given g, merged m join tickets t on t.id = m.target_id
cross join lateral (select jsonb_build_object('status', t.status, 'waitingSince', null, 'solvedAt', t.solved_at,
  'snoozedUntil', null) as it) standing
where t.workspace_id = g.w;

insert into events (workspace_id, id, type, subject_id, actor_kind, actor_id, data, at)
select m.w, pg_temp.id_at(f.at, 'fact ' || m.w || m.n || f.name), f.type, m.id, f.actor,
  case when f.actor = 'member' then m.agent_id end, f.data, f.at
from made m cross join lateral (
  select 'opened' as name, 'ticket.opened' as type, 'customer' as actor, jsonb_build_object('channel', m.channel) as data,
    m.created_at as at
  union all
  select 'owner', 'ticket.assigned', 'member', jsonb_build_object('from', null, 'to', m.owner_id), m.created_at
  where m.owner_id is not null
  union all
  select 'spam', 'ticket.spam', 'member', '{}', m.updated_at where m.spam
  union all
  select 'turn' || turn.k, 'ticket.status', case when turn.k in (2, 5, 6) and turn.status <> 'open' then 'member' else 'customer' end,
    jsonb_build_object('from', turn.was, 'to', turn.status), m.created_at + (turn.k - 1) * m.step
  from (values (2, 'new', 'waiting'), (4, 'waiting', 'open'), (5, 'open', 'waiting'),
    (6, 'waiting', case when m.status = 'closed' then 'solved' else m.status end)) turn(k, was, status)
  where m.status <> 'new' and turn.was <> turn.status
  union all
  select 'closed', 'ticket.status', 'system', '{"from": "solved", "to": "closed"}', m.solved_at + interval '28 days'
  where m.status = 'closed'
) f;
insert into events (workspace_id, id, type, subject_id, actor_kind, actor_id, data, at)
select m.w, pg_temp.id_at(s.at, 'told ' || s.id), 'ticket.message', m.id,
  case when s.kind = 'message' then 'customer' else 'member' end, case when s.kind <> 'message' then m.agent_id end,
  jsonb_build_object('messageId', s.id, 'kind', s.kind), s.at
from said s join made m on m.n = s.ticket_n;
insert into events (workspace_id, id, type, subject_id, actor_kind, data, at)
select g.w, pg_temp.id_at(m.at, 'merged ' || m.source_id), 'ticket.merged', m.source_id, 'system',
  jsonb_build_object('intoId', m.target_id, 'into', m.number, 'number', m.source_number), m.at
from merged m, given g;

-- Each is a touchpoint; what is merged ended with that. A step is a wait for one side or the other.
insert into touchpoints (workspace_id, id, external_id, kind, customer_id, started_at, ended_at, attributes, created_at)
select m.w, m.touchpoint_id, 'ticket:' || 1000 + m.n, 'ticket', m.customer_id, m.created_at, over.at,
  jsonb_strip_nulls(jsonb_build_object('channel', m.channel, 'topic', m.topic,
    'agent', case when over.how = 'solved' or m.owner_id is not null then m.agent end,
    'agent_by', case when over.how = 'solved' then 'solved' when m.owner_id is not null then 'owned' end,
    'outcome', over.how, 'priority', (array['low', 'normal', 'high', 'urgent'])[m.priority + 1], 'language', m.language,
    'contacts', (case m.status when 'new' then 5 when 'open' then 3 else 2 end)::text,
    'replies', (case m.status when 'new' then 0 when 'open' then 2 else 3 end)::text,
    'channels', case when m.channel = 'email' then 'email' else least(m.channel, 'email') || ' ' || greatest(m.channel, 'email') end,
    'owner_changes', '0', 'reopenings', '0',
    'waited_for_us_minutes', (case when m.status = 'new' then 0 else round(2 * wait.minutes) end)::text,
    'waited_for_customer_minutes',
      (case when m.status = 'new' then 0 when m.status = 'open' or m.solved_at is not null then round(3 * wait.minutes)
        else round(2 * wait.minutes) end)::text,
    'first_answer_minutes', case when m.status <> 'new' then floor(wait.minutes + 0.5)::text end,
    'solution_minutes', case when over.how = 'solved' then floor(5 * wait.minutes + 0.5)::text end,
    'repeats_7_days', '0')),
  m.created_at
from made m left join merged g on g.n = m.n
cross join lateral (select coalesce(g.at, m.solved_at) as at,
  case when g.at is not null then 'merged' when m.solved_at is not null then 'solved' end as how) over
cross join lateral (select extract(epoch from m.step) / 60 as minutes) wait
where not m.spam;
delete from undecided_touchpoints u using made m where u.workspace_id = m.w and u.touchpoint_id = m.touchpoint_id
  and u.ended_at < m.until - interval '1 day';

-- What was merged into another is one problem with it: there stands what both took.
update touchpoints p set attributes = p.attributes || took.it from merged g join tickets t on t.id = g.target_id
cross join lateral (
  select jsonb_build_object('contacts', (count(*) filter (where kind = 'message'))::text,
    'replies', (count(*) filter (where kind = 'reply'))::text,
    'channels', string_agg(distinct channel, ' ' order by channel) filter (where kind = 'message'),
    'first_answer_minutes',
      greatest(0, floor(extract(epoch from min(at) filter (where kind = 'reply') - t.created_at) / 60 + 0.5))::text,
    'waited_for_us_minutes', coalesce(round(sum(wait) filter (where turn and kind = 'message') / 60), 0)::text,
    'waited_for_customer_minutes', coalesce(round(sum(wait) filter (where turn and kind = 'reply') / 60), 0)::text) as it
  from (
    select w.*, extract(epoch from coalesce(lead(at) over (partition by turn order by at, id), greatest(t.solved_at, at)) - at) as wait from (
      select id, kind, channel, at, lag(kind) over (order by at, id) is distinct from kind as turn from ticket_messages m
      where m.workspace_id = t.workspace_id and m.ticket_id in (g.source_id, g.target_id) and m.kind <> 'note') w) w
) took
where p.workspace_id = t.workspace_id and p.id = t.touchpoint_id;

drop table given, sentences, agents, boxes, persons, made, merged, said;
