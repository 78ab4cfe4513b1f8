namespace SpendGuard.Tests.Architecture;

/// <summary>What a rule of the house is broken by.</summary>
internal static class Findings
{
    /// <summary>Fails with all of them, one a line.</summary>
    public static void AssertNone(IEnumerable<string> findings)
    {
        var all = string.Join('\n', findings);
        Assert.True(all.Length == 0, all);
    }
}
