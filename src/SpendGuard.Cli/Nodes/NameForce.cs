using System.CommandLine;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Nodes;

/// <summary>Names are one's alone, unless a person wants two of one name.</summary>
internal static class NameForce
{
    public static Option<bool> Option() => new("--force") { Description = "Take the name though another has it; both then go by their ids" };

    /// <summary>What is sent of it: nothing without a name, and nothing where it is forced.</summary>
    public static bool? Unique(string? name, bool force) => name is null || force ? null : true;

    /// <summary>Makes a change; where the name is taken, says how to have it all the same.</summary>
    public static async Task<T> OfferAsync<T>(Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        catch (HttpFailureException taken) when (taken.Code == "name_taken")
        {
            throw taken.With("To give the name to both: --force");
        }
    }
}
