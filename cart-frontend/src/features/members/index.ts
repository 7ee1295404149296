export { ClusterBoard } from './ClusterBoard';
