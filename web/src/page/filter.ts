/** How a filter compares; the words are the API's. */
export const OPERATORS = ['is', 'is_not', 'in', 'not_in', 'matches'] as const;
export type Operator = (typeof OPERATORS)[number];

export const OPERATOR_LABEL: Record<Operator, string> = {
  is: 'is',
  is_not: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  matches: 'matches',
};

/** One condition on a dimension. */
export interface Filter {
  dimension: string;
  operator: Operator;
  /** One value; several with `in` and `not_in`. */
  values: string[];
}

/** A filter as the API spells it: `cdn:in:one,two`, a comma inside a value written `\,`. */
export function written({ dimension, operator, values }: Filter): string {
  const isList = operator === 'in' || operator === 'not_in';
  const value = isList ? values.map((each) => each.replaceAll(',', '\\,')).join(',') : (values[0] ?? '');
  return `${dimension}:${operator}:${value}`;
}

/** The filter that a text spells; null when it spells none. */
export function filterOf(text: string): Filter | null {
  const [dimension, operator, ...rest] = text.split(':');
  const known = OPERATORS.find((each) => each === operator);
  if (!dimension || !known || rest.length === 0) return null;
  const value = rest.join(':');
  const isList = known === 'in' || known === 'not_in';
  return { dimension, operator: known, values: isList ? split(value) : [value] };
}

function split(value: string): string[] {
  return value.split(/(?<!\\),/).map((each) => each.replaceAll('\\,', ','));
}
