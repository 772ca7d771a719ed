// The arithmetic of the op table's rules on JavaScript's numbers: the names of autograd/floats.py.

/** One factor of erfc for x >= 2: a continued fraction, evaluated from its end. */
function erfcOfLarge(x) {
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/** erf for |x| < 2: its power series, all terms positive after the factor exp(-x²). */
function erfOfSmall(x) {
  let term = x;
  let total = x;
  for (let n = 1; n < 80; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

export const m = {
  div: (x, y) => x / y,
  // The remainder has the sign of the divisor, fmod that of the dividend.
  remainder: (x, y) => (x % y !== 0 && x % y < 0 !== y < 0 ? (x % y) + y : x % y),
  fmod: (x, y) => x % y,
  // One to any power is 1, and minus one to an infinite power, in IEEE 754 but not in JavaScript.
  pow: (x, y) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y),
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  hypot: Math.hypot,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf: (x) => (Math.abs(x) < 2 ? erfOfSmall(x) : Math.sign(x) * (1 - erfcOfLarge(Math.abs(x)))),
  erfc: (x) => (x >= 2 ? erfcOfLarge(x) : 1 - m.erf(x)),
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  // A half goes to the even neighbour, as in IEEE 754.
  round: (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  maximum: (x, y) => (x > y || x !== x ? x : y),
  minimum: (x, y) => (x < y || x !== x ? x : y),
  where: (condition, x, y) => (condition ? x : y),
  greater: (x, y) => Number(x > y),
  greater_equal: (x, y) => Number(x >= y),
  less: (x, y) => Number(x < y),
  less_equal: (x, y) => Number(x <= y),
  equal: (x, y) => Number(x === y),
  not_equal: (x, y) => Number(x !== y),
};
