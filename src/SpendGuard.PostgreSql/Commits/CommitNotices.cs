using Npgsql;

namespace SpendGuard.PostgreSql.Commits;

/// <summary>Listens to what a server says beside its answer to a commit.</summary>
/// <remarks>
/// A server that waits for a standby and is told to stop waiting, such as by our own time-out, has committed on its own disk only. It
/// answers with success and a warning, and after a fail-over the commit is gone. So success with a warning is not done but in doubt. The
/// texts are translated; that there is a warning is not.
/// </remarks>
internal sealed class CommitNotices : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private PostgresNotice? _warning;

    public CommitNotices(NpgsqlConnection connection)
    {
        _connection = connection;
        connection.Notice += OnNotice;
    }

    /// <summary>Throws when the commit that has succeeded may not be durable.</summary>
    /// <exception cref="CommitInDoubtException">It may not be.</exception>
    public void ThrowIfInDoubt()
    {
        if (_warning is { } warning)
        {
            throw new CommitInDoubtException(warning.MessageText);
        }
    }

    public void Dispose() => _connection.Notice -= OnNotice;

    private void OnNotice(object sender, NpgsqlNoticeEventArgs notice)
    {
        if (notice.Notice.InvariantSeverity == "WARNING")
        {
            _warning = notice.Notice;
        }
    }
}
