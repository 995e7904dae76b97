"""Files in C, C++, C#, Ruby, PHP and Kotlin, and the symbols that a person finds in them."""

from __future__ import annotations

C = """\
#include <stdlib.h>
#include "lib/list.h"

#define MOST_LINES 64

/* A line of a cart. */
typedef struct line {
  int price;
  struct line *next;
} line_t;

enum state { OPEN, PAID };

/*
   Adds a line.
   Takes ownership of it.
*/
static inline line_t *
cart_add(line_t *head, int price)
{
  line_t *line = malloc(sizeof(*line));
  line->price = price;
  line->next = head;
  return list_push(head, line);
}

SHOP_API int cart_total(const line_t *head);

int (*handler_of(enum state state))(line_t *) {
  return state == PAID ? NULL : cart_total;
}
"""
CPP = """\
#pragma once
#include <vector>
#include "shop/line.h"

namespace shop {

/// A cart of lines.
template <typename T>
class SHOP_API Cart : public Base<T> {
 public:
  explicit Cart(int limit) : limit_(limit) {}
  virtual ~Cart();
  virtual void add(const T& line) = 0;
  const T& operator[](size_t index) const { return lines_[index]; }
  struct Options { int limit; };

 private:
  int limit_;
};

enum class State { Open, Paid };
using Lines = std::vector<Line>;

}  // namespace shop

template <typename T>
double shop::Cart<T>::total() const {
  return pricing::sum<T>(lines_);
}
"""
CSHARP = """\
using System.Linq;
using static System.Math;
using Json = Newtonsoft.Json;

namespace Shop.Core;

/// <summary>A cart, see <see cref="Line"/>.</summary>
[Serializable]
public class Cart<T> : Base, ICart where T : Line
{
    public const int MostLines = 64;

    public int Count { get; set; }

    public decimal Total => Lines.Sum(line => line.Price);

    public Cart(int limit) : base(limit) { }

    public async Task<Receipt> PayAsync(Card card)
    {
        return await Gateway.Charge<Receipt>(card);
    }

    public static Cart<T> operator +(Cart<T> a, Cart<T> b) => a;

    public T this[int index] => Lines[index];
}

public record Line(string Name, decimal Price);

public interface ICart
{
    void Clear();
}
"""
RUBY = """\
require "json"
require_relative "lib/line"

module Shop
  # A cart of lines.
  class Cart < Base
    include Comparable

    MOST_LINES = 64

    def initialize(lines = [])
      @lines = lines
    end

    # Loads a cart by its id.
    def self.load(id)
      Api.get(id).map { |row| Line.new(row) }
    end

    class << self
      def build; end
    end

    def empty? = @lines.empty?
  end

  Point = Struct.new(:x, :y) do
    def length
      Math.sqrt(x * x + y * y)
    end
  end
end
"""
PHP = """\
<?php

declare(strict_types=1);

namespace App\\Models;

use App\\Base\\{Model, Money as Amount};
use function App\\Support\\total;

require_once __DIR__ . '/helpers.php';

/**
 * A cart of lines.
 *
 * @template T
 */
#[Entity]
abstract class Cart extends Model implements Countable
{
    use SoftDeletes;

    public const MOST_LINES = 64;

    public function __construct(private readonly int $limit) {}

    public static function load(string $id): self
    {
        return new self(Api::get($id)->first());
    }

    abstract protected function total(): Amount;
}

enum State: string
{
    case Open = 'open';

    public function label(): string
    {
        return ucfirst($this->value);
    }
}

function helper(array $lines): int
{
    return count($lines);
}
"""
KOTLIN = """\
package shop.core

import kotlin.math.max
import shop.lines.*
import shop.money.Money as Amount

const val MOST_LINES = 64

/** A cart of lines. */
@Serializable
data class Cart<T : Line>(val lines: List<T>) : Base(), Countable {
    val total: Amount
        get() = lines.sumOf { it.price }

    override suspend fun add(line: T): Boolean {
        return repository.save(line)
    }

    companion object {
        fun load(id: String) = Cart(Api.get(id))
    }
}

interface Countable {
    fun count(): Int
}

object Registry {
    fun clear() = Unit
}

enum class State(val label: String) {
    OPEN("open"),
    PAID("paid"),
}

fun String.shout(): String = uppercase()

typealias Handler = (Line) -> Unit
"""
MORE_GOLDENS: dict[str, tuple[str, list[str]]] = {
    "c": (
        C,
        [
            "struct line_t 6-10",
            "enum state 12-12",
            "function cart_add 14-25",
            "declaration cart_total 27-27",
            "function handler_of 29-31",
        ],
    ),
    "cpp": (
        CPP,
        [
            "class shop::Cart 7-19",
            "  method shop::Cart::Cart 11-11",
            "  method shop::Cart::~Cart 12-12",
            "  method shop::Cart::add 13-13",
            "  method shop::Cart::operator[] 14-14",
            "  struct shop::Cart::Options 15-15",
            "enum shop::State 21-21",
            "type shop::Lines 22-22",
            "function shop::Cart::total 26-29",
        ],
    ),
    "csharp": (
        CSHARP,
        [
            "class Cart 7-27",
            "  property Cart.Count 13-13",
            "  property Cart.Total 15-15",
            "  constructor Cart.Cart 17-17",
            "  method Cart.PayAsync 19-22",
            "  method Cart.operator+ 24-24",
            "  property Cart.this[] 26-26",
            "record Line 29-29",
            "interface ICart 31-34",
            "  method ICart.Clear 33-33",
        ],
    ),
    "ruby": (
        RUBY,
        [
            "module Shop 4-32",
            "  class Shop::Cart 5-25",
            "    method Shop::Cart::initialize 11-13",
            "    method Shop::Cart::load 15-18",
            "    method Shop::Cart::build 21-21",
            "    method Shop::Cart::empty? 24-24",
            "  class Shop::Point 27-31",
            "    method Shop::Point::length 28-30",
        ],
    ),
    "php": (
        PHP,
        [
            "class Cart 12-32",
            "  method Cart::__construct 24-24",
            "  method Cart::load 26-29",
            "  method Cart::total 31-31",
            "enum State 34-42",
            "  method State::label 38-41",
            "function helper 44-47",
        ],
    ),
    "kotlin": (
        KOTLIN,
        [
            "class Cart 9-22",
            "  property Cart.total 12-13",
            "  method Cart.add 15-17",
            "  method Cart.load 20-20",
            "interface Countable 24-26",
            "  method Countable.count 25-25",
            "object Registry 28-30",
            "  method Registry.clear 29-29",
            "enum State 32-35",
            "function String.shout 37-37",
            "type Handler 39-39",
        ],
    ),
}
