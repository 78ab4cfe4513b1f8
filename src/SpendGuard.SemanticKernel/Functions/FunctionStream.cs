using System.Reflection;
using Microsoft.SemanticKernel;

namespace SpendGuard.SemanticKernel.Functions;

/// <summary>Attributes the calls of a streamed function, which run while its result is read, long after the filters have returned.</summary>
internal static class FunctionStream
{
    private static readonly MethodInfo Typed =
        typeof(FunctionStream).GetMethod(nameof(WrapTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static FunctionResult Wrap(FunctionInvocationContext context, AgentId agent, string function)
    {
        var value = context.Result.GetValue<object>();
        var item = value?.GetType().GetInterfaces()
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
            ?.GetGenericArguments()[0];
        return item is null
            ? context.Result
            : new FunctionResult(context.Result, Typed.MakeGenericMethod(item).Invoke(null, [value, agent, function]));
    }

    private static Stream<T> WrapTyped<T>(IAsyncEnumerable<T> items, AgentId agent, string function) => new(items, agent, function);

    private sealed class Stream<T>(IAsyncEnumerable<T> items, AgentId agent, string function) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(items.GetAsyncEnumerator(cancellationToken), agent, function);

        private sealed class Enumerator(IAsyncEnumerator<T> items, AgentId agent, string function) : IAsyncEnumerator<T>
        {
            public T Current => items.Current;

            public async ValueTask<bool> MoveNextAsync()
            {
                using var scope = FunctionName.Begin(agent, function);
                return await items.MoveNextAsync();
            }

            public ValueTask DisposeAsync() => items.DisposeAsync();
        }
    }
}
