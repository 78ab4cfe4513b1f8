namespace SpendGuard.PostgreSql.Commits;

/// <summary>A node on the way to the root was made or moved while the way was being locked. Nothing was written; it is tried again.</summary>
internal sealed class PathChangedException() : Exception("A node was made or moved while the way from it to the root was being locked.");
