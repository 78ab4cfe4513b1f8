namespace SpendGuard.Sidecar.Tests.Access;

/// <summary>What strangers may send in place of a key or an id.</summary>
internal static class HostileText
{
    private static readonly string[] Pieces =
    [
        "sk_spendguard_", "sk_cynsta_live_", "sk_cynsta_test_", "Bearer ", "' OR '1'='1", "'; DROP TABLE spendguard.keys; --", "\"", "\\", "%00", "%", "_", "$1", "{0}",
        "${jndi:ldap://x}", "../../", "\t", " ", "é", "👩‍👩‍👧", "\u202e", "a", "0", "Zz9", new string('x', 300), "null", "undefined", "\u00ff",
    ];

    public static string Next(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
