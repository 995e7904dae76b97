"""Files in every language with a grammar, and the symbols that a person finds in them."""

from __future__ import annotations

from fakes.more_sources import MORE_GOLDENS

PYTHON = '''\
"""A shop."""

from functools import cache


# Prices change daily.
@cache
@retry(
    times=3,
)
async def price_of(article: str) -> float:
    async def fetch() -> float:
        return await client.get(article)

    return await fetch()


class Cart(Base):
    """What a customer wants."""

    currency = "EUR"

    @property
    def total(self) -> float:
        return sum(line.price for line in self.lines)

    class Line:
        def __init__(self, article, price):
            self.article = article
            self.price = price


DEFAULT = Cart()
'''
TYPESCRIPT = """\
import { log } from "./log";

/**
 * A cart.
 */
export class Cart<T extends Line> {
  private lines: T[] = [];

  add = (line: T): void => {
    this.lines.push(line);
  };

  get total(): number {
    return this.lines.reduce((sum, line) => sum + line.price, 0);
  }

  static async load(id: string): Promise<Cart<Line>> {
    return await api(id);
  }
}

export interface Line {
  price: number;
}

export const format = (line: Line): string => {
  return line.price.toFixed(2);
};

const handlers = {
  async get(request: Request) {
    return respond(request);
  },
  remove: function (id: string) {
    log(id);
  },
};

export default function main() {
  return format({ price: 1 });
}

namespace Money {
  export function round(value: number) {
    return Math.round(value);
  }
}

type Id = string | number;

Cart.prototype.clear = function () {
  this.lines = [];
};
"""
TSX = """\
export const Panel = memo(function Panel({ title }: Props) {
  const onClick = useCallback(() => {
    open(title);
  }, [title]);
  return <button onClick={onClick}>{title}</button>;
});

export default () => <Panel title="a" />;
"""
JAVASCRIPT = """\
const express = require("express");

function* pages(total) {
  yield total;
}

class Server {
  #port = 80;
  start = async () => {
    await this.listen();
  };
  listen() {}
}

module.exports.run = async (port) => {
  return new Server(port);
};
"""
GO = """\
package cart

// Cart holds lines.
type Cart[T any] struct {
	lines []T
}

type Pricer interface {
	Price() float64
}

// Add puts a line in.
func (c *Cart[T]) Add(line T) error {
	c.lines = append(c.lines, line)
	return nil
}

func (c Cart[T]) Len() int { return len(c.lines) }

func New() *Cart[int] {
	return &Cart[int]{}
}

var handler = func(w http.ResponseWriter) {
	w.WriteHeader(200)
}
"""
RUST = """\
use std::fmt;

/// A cart.
#[derive(Debug)]
pub struct Cart<T> {
    lines: Vec<T>,
}

impl<T: Clone> Cart<T> {
    /// Adds a line.
    pub fn add(&mut self, line: T) {
        self.lines.push(line);
    }
}

impl<T> fmt::Display for Cart<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cart")
    }
}

trait Priced {
    fn price(&self) -> f64;
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_adds() {
        assert!(true);
    }
}
"""
JAVA = """\
package shop;

/** A cart. */
@Entity
public class Cart {
    private final List<Line> lines = new ArrayList<>();

    public Cart() {
        this.lines.clear();
    }

    @Override
    public String toString() {
        return "cart";
    }

    static class Line {
        double price() {
            return 1.0;
        }
    }

    enum State { OPEN, PAID }

    record Sum(double value) {}
}

interface Priced {
    double price();
}
"""
GOLDENS: dict[str, tuple[str, list[str]]] = {
    "python": (
        PYTHON,
        [
            "function price_of 6-15",
            "  function price_of.fetch 12-13",
            "class Cart 18-30",
            "  method Cart.total 23-25",
            "  class Cart.Line 27-30",
            "    method Cart.Line.__init__ 28-30",
        ],
    ),
    "typescript": (
        TYPESCRIPT,
        [
            "class Cart 3-20",
            "  method Cart.add 9-11",
            "  method Cart.total 13-15",
            "  method Cart.load 17-19",
            "interface Line 22-24",
            "function format 26-28",
            "method handlers.get 31-33",
            "method handlers.remove 34-36",
            "function main 39-41",
            "namespace Money 43-47",
            "  function Money.round 44-46",
            "type Id 49-49",
            "function Cart.prototype.clear 51-53",
        ],
    ),
    "typescriptreact": (TSX, ["function Panel 1-6", "  function Panel.onClick 2-4", "function default 8-8"]),
    "javascript": (
        JAVASCRIPT,
        [
            "function pages 3-5",
            "class Server 7-13",
            "  method Server.start 9-11",
            "  method Server.listen 12-12",
            "function module.exports.run 15-17",
        ],
    ),
    "go": (
        GO,
        [
            "struct Cart 3-6",
            "interface Pricer 8-10",
            "method Cart.Add 12-16",
            "method Cart.Len 18-18",
            "function New 20-22",
            "function handler 24-26",
        ],
    ),
    "rust": (
        RUST,
        [
            "struct Cart 3-7",
            "impl Cart 9-14",
            "  method Cart::add 10-13",
            "impl Cart 16-20",
            "  method Cart::fmt 17-19",
            "trait Priced 22-24",
            "  method Priced::price 23-23",
            "module tests 26-32",
            "  function tests::it_adds 28-31",
        ],
    ),
    "java": (
        JAVA,
        [
            "class Cart 3-26",
            "  constructor Cart.Cart 8-10",
            "  method Cart.toString 12-15",
            "  class Cart.Line 17-21",
            "    method Cart.Line.price 18-20",
            "  enum Cart.State 23-23",
            "  record Cart.Sum 25-25",
            "interface Priced 28-30",
            "  method Priced.price 29-29",
        ],
    ),
}
GOLDENS["javascriptreact"] = (JAVASCRIPT, GOLDENS["javascript"][1])
GOLDENS.update(MORE_GOLDENS)
LANGUAGES = sorted(GOLDENS)
