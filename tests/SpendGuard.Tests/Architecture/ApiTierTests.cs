using SpendGuard.Testing;

namespace SpendGuard.Tests.Architecture;

/// <summary>What an application sees stays small: the rest is marked for those who need it, or internal.</summary>
public sealed class ApiTierTests
{
    /// <summary>Retries, lost scopes and silent streams are an application's matter: ForAgent, two settings and a property came for them. So is what a run may cost
    /// (the run, its beginning and its refusal), whose call options are, and a function by which an agent reads its budget; groups, limits, pauses, alerts and approvals.</summary>
    private const int MostLines = 650;

    [Fact]
    public void ApplicationTier_IsSmall()
    {
        var lines = Repository.Files("PublicAPI.*.txt", "src")
            .SelectMany(File.ReadLines)
            .Where(line => line.Length > 0 && !line.StartsWith('#') && !line.TrimStart('~').StartsWith("[SPENDGUARD", StringComparison.Ordinal))
            .ToList();

        Assert.InRange(lines.Count, 200, MostLines);
    }
}
