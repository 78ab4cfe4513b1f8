using Xunit.Sdk;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Runs a check with seeds that are the same on every machine, and tells the seed of the one that fails.</summary>
/// <remarks>With SPENDGUARD_SOAK=1 in the environment there are thirty times the rounds. SPENDGUARD_FUZZ_SEED runs the one round of a seed.</remarks>
internal static class FuzzRounds
{
    private static readonly string? Only = Environment.GetEnvironmentVariable("SPENDGUARD_FUZZ_SEED");

    /// <summary>One round after the other.</summary>
    public static async Task RunAsync(int rounds, Func<Mutator, Task> check)
    {
        foreach (var seed in Seeds(rounds))
        {
            await RunOneAsync(seed, check);
        }
    }

    /// <summary>Rounds that have nothing to do with each other, as many at once as there are processors.</summary>
    public static Task RunInParallelAsync(int rounds, Func<Mutator, Task> check) => Parallel.ForEachAsync(
        Seeds(rounds),
        new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
        async (seed, _) => await RunOneAsync(seed, check));

    private static IEnumerable<int> Seeds(int rounds) => Only is null ? Enumerable.Range(0, Soak.Rounds(rounds, 30 * rounds)) : [int.Parse(Only)];

    private static async Task RunOneAsync(int seed, Func<Mutator, Task> check)
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
