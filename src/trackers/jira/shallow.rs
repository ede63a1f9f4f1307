//! JSON that is cut where nobody writes any deeper: serde_json refuses a whole answer that nests deeper than 128, and one
//! issue's text must not keep a hundred others from being told of.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use serde_json::{Map, Value};

/// How deep a value may nest: serde_json reads 127 levels, and at most three stand around a value: an answer, its list, a
/// remark. Texts are read 60 nodes deep, two levels each.
const DEPTH: usize = 124;

/// A value, cut.
pub(super) struct Shallow(pub(super) Value);

impl<'de> Deserialize<'de> for Shallow {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Within(DEPTH).deserialize(from).map(Self)
    }
}

/// Reads a list of values, each cut.
pub(super) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Value>>, D::Error> {
    let list = Option::<Vec<Shallow>>::deserialize(from)?;
    Ok(list.map(|list| list.into_iter().map(|Shallow(value)| value).collect()))
}

/// Reads a value, cut.
pub(super) fn value<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Ok(Option::<Shallow>::deserialize(from)?.map(|Shallow(value)| value))
}

/// Reads a value down to so many levels. What is deeper is skipped, which takes no stack, and reads as null.
struct Within(usize);

impl<'de> DeserializeSeed<'de> for Within {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        if self.0 == 0 {
            return from.deserialize_ignored_any(IgnoredAny).map(|_| Value::Null);
        }
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Self(self.0 - 1))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = items.next_key::<String>()? {
            map.insert(name, items.next_value_seed(Self(self.0 - 1))?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> serde_json::Result<Value> {
        serde_json::from_str::<Shallow>(text).map(|Shallow(value)| value)
    }

    #[test]
    fn what_people_write_is_read_as_it_is() {
        for value in [
            json!(null),
            json!({"a": [1, -2, 1.5, true, null, "é\n", {}], "b": {"c": [[]]}}),
            json!(u64::MAX),
            json!([i64::MIN, "", 0.1]),
        ] {
            assert_eq!(read(&value.to_string()).unwrap(), value);
        }
        for broken in ["", "{", "[1,]", "{\"a\":1,}", "tru", "[1 2]"] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn what_is_nested_beyond_reason_is_cut_and_the_rest_is_read() {
        let nested = |depth: usize| format!("{}7{}", "[".repeat(depth), "]".repeat(depth));
        let depth = |value: &Value| std::iter::successors(Some(value), |value| value.get(0)).count() - 1;
        for (deep, read_to) in [(1, 1), (DEPTH - 1, DEPTH - 1), (DEPTH, DEPTH), (DEPTH + 1, DEPTH), (300_000, DEPTH)] {
            let value = read(&format!("[{{\"text\": {}, \"key\": \"A-1\"}}]", nested(deep - 1))).unwrap();
            assert_eq!(value[0]["key"], "A-1", "{deep}");
            assert!(depth(&value[0]["text"]) <= read_to, "{deep}");
        }
        let value = read(&nested(DEPTH - 1)).unwrap();
        assert_eq!(depth(&value), DEPTH - 1);
        assert!(value.to_string().contains('7'));
        assert!(!read(&nested(DEPTH)).unwrap().to_string().contains('7'));
    }
}
