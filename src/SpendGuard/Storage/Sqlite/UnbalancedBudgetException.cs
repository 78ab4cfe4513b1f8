namespace SpendGuard.Storage.Sqlite;

/// <summary>An agent's budget is not what its ledger says: nothing is done with it. Callers are told by <see cref="SqliteFaults"/>.</summary>
internal sealed class UnbalancedBudgetException(string agent) : Exception(
    $"agent {agent}'s budget is not what its ledger says, so nothing is done with it." + Remedy)
{
    private const string Remedy = " The file was damaged or edited. Restore it from a backup and reconcile it with what the providers billed.";

    /// <summary>What is said of a limit that does not hold what its calls in flight do.</summary>
    public static string OfLimit(string node, string limit) => $"limit {limit} of {node} does not hold what the calls in flight hold that were made in it." + Remedy;
}
