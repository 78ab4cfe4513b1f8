namespace SpendGuard.PostgreSql.Commits;

/// <summary>The server has committed, and not confirmed that the commit is durable.</summary>
/// <param name="warning">What it said.</param>
internal sealed class CommitInDoubtException(string warning) : Exception($"The server did not confirm that the commit is durable: {warning}");
