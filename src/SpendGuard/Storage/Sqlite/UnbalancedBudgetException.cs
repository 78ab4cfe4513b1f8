namespace SpendGuard.Storage.Sqlite;

/// <summary>An agent's budget is not what its ledger says: nothing is done with it. Callers are told by <see cref="SqliteFaults"/>.</summary>
internal sealed class UnbalancedBudgetException(string agent) : Exception(
    $"agent {agent}'s budget is not what its ledger says, so nothing is done with it. The file was damaged or edited. Restore it from a"
    + " backup and reconcile it with what the providers billed.");
