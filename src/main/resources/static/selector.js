// Kubernetes label selectors, as the gateway reads them: key=v, key==v, key!=v, key in (a,b), key notin (a,b), key, !key.

/** Whether a text is meant as a selector and not as words to be found. */
export function looksLikeSelector(text) {
  return /[=!,()]/.test(text);
}

/** A function of labels to a boolean; null where the text is no selector (yet). */
export function parseSelector(text) {
  const word = '[A-Za-z0-9][-A-Za-z0-9_./]*';
  const one = new RegExp(
    `^\\s*(?:!\\s*(?<absent>${word})|(?<key>${word})\\s*(?:(?<equals>==?|!=)\\s*(?<value>[-A-Za-z0-9_.]*)|(?<not>not)?in\\s*\\((?<list>[^()]*)\\))?)\\s*(?:,|$)`);
  const requirements = [];
  let rest = text;
  while (rest.trim() !== '' || requirements.length === 0) {
    const found = one.exec(rest);
    if (!found) {
      return null;
    }
    const { absent, key, equals, value, not, list } = found.groups;
    if (absent !== undefined) {
      requirements.push(labels => !(absent in labels));
    } else if (equals !== undefined) {
      requirements.push(equals === '!=' ? labels => labels[key] !== value : labels => labels[key] === value);
    } else if (list !== undefined) {
      const values = list.split(',').map(item => item.trim());
      requirements.push(not ? labels => !values.includes(labels[key]) : labels => values.includes(labels[key]));
    } else {
      requirements.push(labels => key in labels);
    }
    if (found[0].endsWith(',') && rest.slice(found[0].length).trim() === '') {
      return null;
    }
    rest = rest.slice(found[0].length);
  }
  return labels => requirements.every(requirement => requirement(labels));
}
