namespace SpendGuard.Testing.Provider.Batches;

/// <summary>What becomes of a request of a batch. Only the first is billed.</summary>
public enum BatchOutcome
{
    Succeeded,
    Errored,
    Canceled,
    Expired,
}
