using Xunit.Sdk;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Runs a check with seeds that are the same on every machine, and tells the seed of the one that fails.</summary>
/// <remarks>With SPENDGUARD_SOAK=1 in the environment there are 100,000 rounds. SPENDGUARD_FUZZ_SEED runs the one round of a seed.</remarks>
internal static class FuzzRounds
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("SPENDGUARD_SOAK") == "1";
    private static readonly string? Only = Environment.GetEnvironmentVariable("SPENDGUARD_FUZZ_SEED");

    public static async Task RunAsync(int rounds, Func<Mutator, Task> check)
    {
        var (first, end) = Only is null ? (0, Soak ? 100_000 : rounds) : (int.Parse(Only), int.Parse(Only) + 1);
        for (var seed = first; seed < end; seed++)
        {
            var mutator = new Mutator(seed);
            try
            {
                await check(mutator);
            }
            catch (Exception failure)
            {
                throw new XunitException($"Seed {seed}: {failure.Message}\n{mutator.Said}", failure);
            }
        }
    }

    public static Task RunAsync(int rounds, Action<Mutator> check) => RunAsync(rounds, mutator =>
    {
        check(mutator);
        return Task.CompletedTask;
    });
}
