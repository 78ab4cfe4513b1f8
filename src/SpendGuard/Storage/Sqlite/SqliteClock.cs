using Microsoft.Data.Sqlite;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Leaves what is in flight as long to live as it had when the machine's clock is set.</summary>
/// <remarks>
/// A file is used by one machine, whose processes tell the same time; so the times of their commands can be compared until that clock is
/// set. The file keeps by how much the clock is ahead of a time that only goes on, and of which start of the machine. Where it differs, in
/// the transaction of the next commit, the clock was set, and what is in flight is moved along with it. Systems that do not tell which start
/// it is go by their clock alone.
/// </remarks>
/// <param name="connection">The connection that writes.</param>
/// <param name="time">The clock, and the time that only goes on.</param>
/// <param name="boot">Names this start of the machine; null when nothing does.</param>
internal sealed class SqliteClock(SqliteConnection connection, TimeProvider time, string? boot) : IDisposable
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>What the two times differ by when they are read one after the other, and small corrections, do no harm to a hold.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>What a hold of an earlier start has left at most. Nobody makes its call any more, unless what looks like a machine is a container.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(5);

    private readonly SqliteStatement _find = new(connection.Handle!, SqliteSql.FindClock);
    private readonly SqliteStatement _save = new(connection.Handle!, SqliteSql.SaveClock);
    private readonly SqliteStatement _move = new(connection.Handle!, SqliteSql.MoveExpiries);
    private readonly SqliteStatement _cut = new(connection.Handle!, SqliteSql.CutExpiries);

    /// <summary>Names this start of the machine; null when the system does not.</summary>
    public static string? FindBoot()
    {
        try
        {
            return File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Moves what is in flight if the clock was set since the last commit to the file.</summary>
    /// <param name="isFirst">Whether this process has not committed yet: then it may be the first after a start of the machine.</param>
    public void Keep(bool isFirst)
    {
        if (boot is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        var ahead = now.UtcTicks - time.GetElapsedTime(0).Ticks;
        var (lastBoot, lastAhead) = Find();
        if (lastBoot == boot)
        {
            if (Math.Abs(ahead - lastAhead) > Tolerance.Ticks)
            {
                _move.Bind(1, ahead - lastAhead).Execute();
                Save(ahead);
            }
        }
        else if (isFirst)
        {
            if (lastBoot is not null)
            {
                _cut.Bind(1, now + Rest).Execute();
            }

            Save(ahead);
        }
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_find, _save, _move, _cut])
        {
            statement.Dispose();
        }
    }

    private (string? Boot, long Ahead) Find()
    {
        var found = default((string?, long));
        while (_find.Step())
        {
            found = (_find.Text(0), _find.Int64(1));
        }

        return found;
    }

    private void Save(long ahead) => _save.Bind(1, boot).Bind(2, ahead).Execute();
}
