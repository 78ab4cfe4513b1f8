using Npgsql;

namespace SpendGuard.PostgreSql.Rows;

/// <summary>Adds statements and their parameters, by place.</summary>
internal static class Parameters
{
    /// <summary>Adds a statement to a batch.</summary>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    /// <summary>Adds the next parameter.</summary>
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    /// <summary>Adds one thing of each item as the next parameter, an array.</summary>
    public static NpgsqlBatchCommand With<TItem, T>(this NpgsqlBatchCommand command, IReadOnlyList<TItem> items, Func<TItem, T> select)
    {
        var values = new T[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = select(items[i]);
        }

        return command.With(values);
    }
}
