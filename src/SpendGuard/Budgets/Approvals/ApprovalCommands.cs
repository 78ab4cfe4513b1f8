namespace SpendGuard.Budgets;

/// <summary>Answers a request for approval.</summary>
/// <param name="Id">The request.</param>
/// <param name="Node">The node whose limit is full, as the request says.</param>
/// <param name="Reason">Why; null where no reason is given.</param>
/// <param name="At">The time of the command.</param>
internal abstract record ApprovalCommand(ApprovalId Id, NodeId Node, string? Reason, DateTimeOffset At) : NodeCommand(Node, At)
{
    public override BudgetLookup Lookup => new() { Node = Node, PathOf = Node, BudgetOf = new AgentId(Node.Value), Approval = Id };
}

/// <summary>Raises the limit that is full, for a time.</summary>
/// <param name="Id">The request.</param>
/// <param name="Node">The node whose limit is full, as the request says.</param>
/// <param name="Add">What is added to it.</param>
/// <param name="Lasting">For how long, at most until the window ends; null for as long as that, or until the limit is set anew.</param>
/// <param name="Reason">Why; null where no reason is given.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Approve(ApprovalId Id, NodeId Node, Money Add, TimeSpan? Lasting, string? Reason, DateTimeOffset At) : ApprovalCommand(Id, Node, Reason, At);

/// <summary>Turns a request down. What is refused for the same limit asks no more, until the limit is set anew or its next window begins; of one that rolls, for as long as its window is.</summary>
/// <param name="Id">The request.</param>
/// <param name="Node">The node whose limit is full, as the request says.</param>
/// <param name="Reason">Why; null where no reason is given.</param>
/// <param name="At">The time of the command.</param>
internal sealed record Deny(ApprovalId Id, NodeId Node, string? Reason, DateTimeOffset At) : ApprovalCommand(Id, Node, Reason, At);
