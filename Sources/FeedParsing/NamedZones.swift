internal import News

/// The zones of the IANA time zone database that feeds name (`America/New_York`), with today's
/// rules of summer time; a city that is missing here is read as UTC.
///
/// A rule that was another in earlier years (the United States' before 2007) is off by an hour for
/// some weeks of those years only.
struct NamedZone {
    private enum SummerTime {
        case none
        /// Last Sunday of March to last Sunday of October, at 01:00 UTC everywhere.
        case europe
        /// Second Sunday of March to first Sunday of November, at 02:00 local time.
        case northAmerica
        /// First Sunday of October to first Sunday of April, at 02:00 standard time.
        case australia
    }

    /// Minutes east of Greenwich in winter.
    private let standard: Int
    private let rule: SummerTime

    /// - Parameter name: In lower case, `region/city`.
    init?(_ name: String) {
        guard let found = Self.zones[name] else { return nil }
        self = found
    }

    private init(standard: Int, rule: SummerTime) {
        self.standard = standard
        self.rule = rule
    }

    /// Minutes east of Greenwich at a local date and hour.
    func offset(year: Int, month: Int, day: Int, hour: Int) -> Int {
        let now = (month * 100 + day) * 100 + hour
        func sunday(_ month: Int, _ rank: Int, hour: Int) -> Int {
            (month * 100 + Self.sunday(rank, of: month, year: year)) * 100 + hour
        }
        let isSummer: Bool
        switch rule {
        case .none: isSummer = false
        case .europe:
            // The hour is that of the clock before the change.
            let start = sunday(3, -1, hour: 1 + standard / 60)
            isSummer = start <= now && now < sunday(10, -1, hour: 2 + standard / 60)
        case .northAmerica:
            isSummer = sunday(3, 2, hour: 2) <= now && now < sunday(11, 1, hour: 2)
        case .australia:
            isSummer = now < sunday(4, 1, hour: 3) || now >= sunday(10, 1, hour: 2)
        }
        return standard + (isSummer ? 60 : 0)
    }

    /// The day of a month's first, second, … Sunday; of its last for -1.
    private static func sunday(_ rank: Int, of month: Int, year: Int) -> Int {
        let first = 1 + (7 - weekday(year: year, month: month, day: 1)) % 7
        if rank > 0 { return first + (rank - 1) * 7 }
        let length = Instant.daysIn(month: month, year: year)
        return first + (length - first) / 7 * 7
    }

    private static let zones: [String: NamedZone] = {
        let groups: [(hours: Double, rule: SummerTime, cities: String)] = [
            (0, .none, "etc/utc etc/gmt africa/abidjan africa/dakar atlantic/reykjavik"),
            (0, .europe, "europe/london europe/dublin europe/lisbon"),
            (
                1, .europe,
                """
                europe/paris europe/brussels europe/amsterdam europe/berlin europe/madrid \
                europe/rome europe/vienna europe/zurich europe/luxembourg europe/copenhagen \
                europe/oslo europe/stockholm europe/prague europe/warsaw europe/budapest \
                europe/belgrade europe/zagreb europe/ljubljana europe/bratislava europe/malta \
                europe/monaco europe/andorra
                """
            ),
            (1, .none, "africa/algiers africa/tunis africa/lagos africa/casablanca"),
            (
                2, .europe,
                """
                europe/athens europe/helsinki europe/bucharest europe/sofia europe/kiev \
                europe/kyiv europe/riga europe/tallinn europe/vilnius
                """
            ),
            (2, .none, "africa/johannesburg africa/cairo africa/tripoli africa/kigali"),
            (3, .none, "europe/moscow europe/istanbul europe/minsk asia/riyadh africa/nairobi"),
            (3.5, .none, "asia/tehran"), (4, .none, "asia/dubai asia/baku"),
            (5, .none, "asia/karachi asia/tashkent"),
            (5.5, .none, "asia/kolkata asia/calcutta asia/colombo"), (6, .none, "asia/dhaka"),
            (7, .none, "asia/bangkok asia/jakarta asia/saigon asia/ho_chi_minh"),
            (
                8, .none,
                """
                asia/shanghai asia/hong_kong asia/singapore asia/taipei asia/manila \
                asia/kuala_lumpur australia/perth
                """
            ),
            (9, .none, "asia/tokyo asia/seoul"), (9.5, .australia, "australia/adelaide"),
            (10, .australia, "australia/sydney australia/melbourne australia/hobart"),
            (10, .none, "australia/brisbane"),
            (-3, .none, "america/sao_paulo america/argentina/buenos_aires america/buenos_aires"),
            (-4, .northAmerica, "america/halifax"), (-4, .none, "america/caracas america/la_paz"),
            (
                -5, .northAmerica,
                "america/new_york america/toronto america/montreal america/detroit us/eastern"
            ),
            (-5, .none, "america/bogota america/lima"),
            (-6, .northAmerica, "america/chicago america/winnipeg us/central"),
            (-6, .none, "america/mexico_city america/costa_rica"),
            (-7, .northAmerica, "america/denver america/edmonton us/mountain"),
            (-7, .none, "america/phoenix"),
            (-8, .northAmerica, "america/los_angeles america/vancouver us/pacific"),
            (-10, .none, "pacific/honolulu"),
        ]
        var zones: [String: NamedZone] = [:]
        for group in groups {
            for city in group.cities.split(separator: " ") {
                zones[String(city)] = NamedZone(
                    standard: Int(group.hours * 60), rule: group.rule)
            }
        }
        return zones
    }()
}

/// 0 for a Sunday … 6 for a Saturday (T. Sakamoto's method).
func weekday(year: Int, month: Int, day: Int) -> Int {
    let shifts = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
    guard 1...12 ~= month, 1...9999 ~= year else { return 0 }
    let year = month < 3 ? year - 1 : year
    return (year + year / 4 - year / 100 + year / 400 + shifts[month - 1] + day) % 7
}
