// What a line shows of a machine when it is opened.

import { element, local, unattended } from './row.js';

/** Makes the details of a machine. What the feed does not carry is asked for. */
export function details(machine, actions) {
  const all = element('div');
  all.append(facts(machine), candidates(machine), evidence(machine), lastStop(machine), resources(machine, actions), buttons(machine, actions));
  return all;
}

function facts(machine) {
  const { connection, lifecycle, motion, sync, software, freshness } = machine;
  const list = element('dl');
  const fact = (name, text) => text && list.append(element('dt', name), element('dd', text));
  fact('address', machine.address);
  fact('last answer', machine.observedAt ? local(machine.observedAt) : 'it never answered');
  fact('picture', `${freshness.state} since ${local(freshness.since)}`);
  fact('connection', `${connection.state} since ${local(connection.since)}: ${connection.reason}`
    + (connection.attempts ? `; ${connection.attempts} tries failed` : '')
    + (connection.nextAttemptAt ? `; next try ${local(connection.nextAttemptAt)}` : ''));
  fact('route', machine.route ? `${machine.route.kind} since ${local(machine.route.since)}: ${machine.route.reason}` : 'nothing carries');
  fact('motion', `${motion.state} since ${local(motion.since)}: ${motion.moving.join(', ') || motion.reason}`);
  fact('by itself', unattended(machine) || (motion.unattended ? 'nothing goes on' : 'not known'));
  fact('sync', `${sync.state} since ${local(sync.since)}, confidence ${sync.confidence}: ${sync.reason}`);
  fact('lifecycle', `${lifecycle.state} since ${local(lifecycle.since)}${lifecycle.reason ? `: ${lifecycle.reason}` : ''}`);
  fact('software', [software.platform, software.version, software.api && `API ${software.api}`].filter(Boolean).join(' '));
  fact('resources', `${machine.resources.count}, of which ${machine.resources.unhealthy} unhealthy`);
  fact('watched by', machine.owner);
  return list;
}

function candidates(machine) {
  return section('Ways to it', machine.route?.candidates ?? [], way =>
    `${way.kind ?? 'not known yet'} ${way.transport} via ${way.via}: ${way.state}${way.reason ? `, ${way.reason}` : ''}`
    + (way.triedAt ? ` (tried ${local(way.triedAt)})` : ''));
}

function evidence(machine) {
  return section('What speaks for the sync state', machine.sync.evidence, seen =>
    `${seen.source}: ${seen.detail}${seen.observedAt ? ` (${local(seen.observedAt)})` : ''}`);
}

function lastStop(machine) {
  const stop = machine.lastStop;
  return section(stop ? `Last stop, ${local(stop.at)} by ${stop.by}: ${stop.outcome}` : '', stop?.resources ?? [], one =>
    `${one.resource}: ${one.outcome}${one.detail ? `, ${one.detail}` : ''}`);
}

function resources(machine, actions) {
  const part = element('div');
  part.append(element('h2', 'Resources'));
  const note = element('p', 'asking …', 'soft');
  part.append(note);
  actions.resources(machine.name).then(found => {
    note.remove();
    part.append(items(found, one =>
      `${one.api}/${one.name}: ${one.state}${one.reason ? `, ${one.reason}` : ''}; ${one.methods.map(method => method.name).join(', ')}`));
  }, failed => {
    note.textContent = `not to be had: ${failed.message}`;
  });
  return part;
}

function buttons(machine, actions) {
  const bar = element('div', '', 'bar');
  const redial = element('button', 'Dial again now');
  redial.type = 'button';
  redial.addEventListener('click', () => actions.post(machine.name, 'connect'));
  const park = element('button', 'Park');
  park.type = 'button';
  park.title = 'Close the connection and keep it closed until it is dialed again';
  park.addEventListener('click', () => actions.post(machine.name, 'disconnect'));
  bar.append(redial, park);
  return bar;
}

function section(heading, list, text) {
  const part = element('div');
  if (heading && (list.length > 0 || heading.startsWith('Last'))) {
    part.append(element('h2', heading), items(list, text));
  }
  return part;
}

function items(list, text) {
  const all = element('ul');
  all.append(...list.map(item => element('li', text(item))));
  return all;
}
