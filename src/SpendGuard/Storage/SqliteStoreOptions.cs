using Microsoft.Data.Sqlite;
using SpendGuard.Storage.Sqlite;

namespace SpendGuard.Storage;

/// <summary>Where a <see cref="SqliteBudgetStore"/> keeps its file and how it works on it.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>The path of the file. It is made when it does not exist; its folder is not. Not on a network share: its locks do not hold there.</summary>
    public required string Path { get; init; }

    /// <summary>How long to wait for another process that writes to the file, before the commands of a batch fail.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many commands one transaction commits at most. More queue up while the disk is written and share the next one.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>How long callers wait for a file that is being opened before they are told what keeps it.</summary>
    internal TimeSpan OpeningPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The machine's clock, and the time since it was started.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Which start of the machine it is; null when the system does not tell.</summary>
    internal string? Boot { get; init; } = SqliteClock.FindBoot();

    /// <summary>How the file is opened: <see cref="SqliteOpenMode.ReadOnly"/> answers questions about one that is there, and nothing else.</summary>
    internal SqliteOpenMode Mode { get; init; } = SqliteOpenMode.ReadWriteCreate;

    /// <summary>What is done to the connection when it stands: the tests' way to make the disk full.</summary>
    internal Action<SqliteConnection>? Opened { get; init; }
}
