using SpendGuard.StressChild;
using SpendGuard.Testing.Provider;

namespace SpendGuard.Tests.Faults;

/// <summary>Treats every call in another way, chosen by the call's run.</summary>
internal static class Moods
{
    public static ProviderPrice Price { get; } = new(StressModel.Name, StressModel.Input, StressModel.Output);

    /// <summary>A provider that answers every call, soon or late, at once or in pieces, in few words or in all that the cap allows.</summary>
    public static Behaviour Patient(string run, int seed) => Patient(new Random(Mix(run, seed)));

    /// <summary>As <see cref="Patient(string, int)"/>, but it also refuses, fails and breaks off, billing or not.</summary>
    public static Behaviour Any(string run, int seed)
    {
        var random = new Random(Mix(run, seed));
        var mood = random.Next(100);
        var behaviour = Patient(random) with { BillOnDisconnect = random.Next(2) == 0 ? BilledPart.Full : BilledPart.SentSoFar };
        return mood switch
        {
            < 3 => new Behaviour { FailWithStatus = 429 },
            < 6 => new Behaviour { FailWithStatus = 500, BillFailures = random.Next(2) == 0 },
            < 8 => behaviour with { CutBeforeHeaders = true, BillCutCalls = random.Next(2) == 0 },
            < 11 => behaviour with { CutAfterEvents = random.Next(1, 5) },
            < 13 => behaviour with { OmitUsage = true },
            _ => behaviour,
        };
    }

    /// <summary>A provider that neither keeps to the cap nor leaves the part above it off the bill.</summary>
    public static Behaviour Unruly { get; } = new() { IgnoreCap = true, OutputTokens = 700 };

    private static Behaviour Patient(Random random) => random.Next(10) switch
    {
        < 3 => Behaviour.Honest,
        < 5 => new Behaviour { OutputTokens = random.Next(1, 500), Delay = TimeSpan.FromMilliseconds(random.Next(60)) },
        < 7 => new Behaviour { GenerateToTheCap = true },
        < 8 => new Behaviour { GenerateToTheCap = true, Delay = TimeSpan.FromMilliseconds(random.Next(100, 300)) },
        _ => new Behaviour { OutputTokens = random.Next(1, 30), DelayBetweenEvents = TimeSpan.FromMilliseconds(random.Next(1, 10)) },
    };

    // string.GetHashCode is another in every process, and a seed has to be of use in the next one.
    private static int Mix(string run, int seed) => run.Aggregate(seed, static (hash, letter) => unchecked((hash * 31) + letter));
}
