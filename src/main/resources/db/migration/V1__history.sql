-- One life of one gateway. What it had not ended when it was gone held until ended_at, else until alive_at, as far as anybody knows.
create table history_run (
  id varchar not null primary key,
  replica varchar not null,
  started_at timestamp(3) with time zone not null,
  alive_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  ended varchar
);

-- One part of a machine stood so from since to until. Entries of one part of a machine in one run follow each other.
create table history_entry (
  run varchar not null references history_run (id),
  number bigint not null,
  machine varchar not null,
  part varchar not null,
  state varchar not null,
  via varchar,
  transport varchar,
  peer varchar,
  holder varchar,
  sequence bigint,
  protection varchar,
  since timestamp(3) with time zone not null,
  until timestamp(3) with time zone,
  ended varchar,
  reason varchar not null,
  owner varchar not null,
  primary key (run, number)
);

create index history_entry_machine on history_entry (machine, since, number, run);
create index history_entry_until on history_entry (until);
