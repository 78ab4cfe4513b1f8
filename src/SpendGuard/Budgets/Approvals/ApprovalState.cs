namespace SpendGuard.Budgets;

/// <summary>How far a request for approval is.</summary>
public enum ApprovalState
{
    /// <summary>Nobody has answered it.</summary>
    Pending,

    /// <summary>What it asks for was granted, for a time.</summary>
    Approved,

    /// <summary>It was turned down.</summary>
    Denied,
}
