//! 金额 — sums on paper: in figures with two places, and in the capitals of a receipt (大写), which nobody can add a
//! stroke to. Money is fen, whole.

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
/// Every four places: 万, 亿.
const GROUPS: [&str; 3] = ["", "万", "亿"];

/// 12.50
pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// 壹拾贰元伍角整
pub fn capitals(fen: u64) -> String {
    let (whole, jiao, odd) = (fen / 100, (fen / 10 % 10) as usize, (fen % 10) as usize);
    let mut said = if whole > 0 { format!("{}元", whole_capitals(whole)) } else { String::new() };
    match (jiao, odd) {
        (0, 0) if whole == 0 => said.push_str("零元整"),
        (0, 0) => said.push('整'),
        (jiao, 0) => said.push_str(&format!("{}角整", DIGITS[jiao])),
        (0, odd) if whole > 0 => said.push_str(&format!("零{}分", DIGITS[odd])),
        (0, odd) => said.push_str(&format!("{}分", DIGITS[odd])),
        (jiao, odd) => said.push_str(&format!("{}角{}分", DIGITS[jiao], DIGITS[odd])),
    }
    said
}

fn whole_capitals(whole: u64) -> String {
    let digits: Vec<usize> = whole.to_string().bytes().map(|b| usize::from(b - b'0')).collect();
    let mut said = String::new();
    let (mut gap, mut group_said) = (false, false);
    for (at, digit) in digits.iter().enumerate() {
        let place = digits.len() - 1 - at;
        if *digit == 0 {
            gap = true;
        } else {
            if gap && !said.is_empty() {
                said.push_str(DIGITS[0]);
            }
            said.push_str(DIGITS[*digit]);
            said.push_str(PLACES[place % 4]);
            (gap, group_said) = (false, true);
        }
        if place.is_multiple_of(4) {
            if group_said {
                said.push_str(GROUPS.get(place / 4).unwrap_or(&""));
            }
            group_said = false;
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_say_the_sum_as_a_receipt_does() {
        for (fen, said) in [
            (0, "零元整"),
            (5, "伍分"),
            (20, "贰角整"),
            (25, "贰角伍分"),
            (100, "壹元整"),
            (105, "壹元零伍分"),
            (600, "陆元整"),
            (1250, "壹拾贰元伍角整"),
            (10_000, "壹佰元整"),
            (100_500, "壹仟零伍元整"),
            (1_000_000, "壹万元整"),
            (1_000_500, "壹万零伍元整"),
            (1_050_000, "壹万零伍佰元整"),
            (10_203_040, "壹拾万零贰仟零叁拾元肆角整"),
            (123_456_789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
            (10_000_000_000, "壹亿元整"),
            (10_000_010_000, "壹亿零壹佰元整"),
        ] {
            assert_eq!(capitals(fen), said, "{fen}");
        }
    }

    #[test]
    fn figures_keep_two_places() {
        assert_eq!(
            (yuan(5), yuan(50), yuan(600), yuan(123_456)),
            ("0.05".into(), "0.50".into(), "6.00".into(), "1234.56".into())
        );
    }
}
